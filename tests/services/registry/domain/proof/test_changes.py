"""R-29: name, owner, place and presence change by a prior application with proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeKind,
    ChangeNotForeseen,
    ChangeRule,
    ChangeRules,
    ChangeState,
    NotInAdvance,
    Proof,
    ProofNotAccepted,
    Wanted,
    apply,
)
from services.registry.domain.proof.changes.decisions import (
    ChangeDecided,
    NotADecider,
    approve,
    refuse,
)
from services.registry.domain.proof.changes.performing import is_due, renamed
from services.registry.domain.register.customers import Customer, CustomerKind, WrongState
from shared.errors import Invalid

from ..organisations import ORGANISATION

DAY = date(2026, 3, 1)
PROOF = Proof("official-letter", "a" * 64, "档案室")
RULES = ChangeRules(
    tuple(
        ChangeRule(kind, ("official-letter",), notice, ("director",))
        for kind, notice in (("name", 5), ("owner", 0), ("location", 0))
    )
)
CUSTOMER = Customer(UUID(int=2), "旧名", CustomerKind.COMMERCIAL, "440106", "GZ-TH", DAY)
DIRECTOR = Actor("S-D", "GZ", frozenset({"director"}))


def application(kind: ChangeKind = ChangeKind.NAME, **others: Any) -> Application:
    usual: dict[str, Any] = {"wanted": Wanted(name="新名"), "effective_on": date(2026, 3, 6)}
    said = {**usual, **others}
    return Application(
        application_id=UUID(int=1),
        customer_key=UUID(int=2),
        kind=kind,
        proof=said.pop("proof", PROOF),
        reason="更名",
        applied_by="S-1",
        applied_at_unit="GZ-TH",
        applied_on=DAY,
        **said,
    )


def test_r29_a_change_is_applied_for_in_advance() -> None:
    assert apply(application(), CUSTOMER, RULES)
    with pytest.raises(NotInAdvance) as refusal:
        apply(application(effective_on=date(2026, 3, 5)), CUSTOMER, RULES)
    assert refusal.value.facts["notice_days"] == 5
    owner = application(ChangeKind.OWNER, effective_on=DAY)
    assert apply(owner, CUSTOMER, RULES)
    with pytest.raises(NotInAdvance):
        apply(replace(owner, effective_on=date(2026, 2, 28)), CUSTOMER, RULES)


def test_r29_the_proof_is_one_that_policy_names() -> None:
    with pytest.raises(ProofNotAccepted):
        apply(application(proof=replace(PROOF, kind="hearsay")), CUSTOMER, RULES)


def test_r29_a_change_that_policy_does_not_know_is_refused() -> None:
    with pytest.raises(ChangeNotForeseen):
        apply(application(ChangeKind.REMOVAL, wanted=Wanted()), CUSTOMER, RULES)


@pytest.mark.parametrize(
    ("kind", "wanted", "pointer"),
    [
        (ChangeKind.NAME, Wanted(), "/name"),
        (ChangeKind.NAME, Wanted(name="新名", division_code="440113"), "/division_code"),
        (ChangeKind.OWNER, Wanted(unified_credit_code="x"), "/name"),
        (ChangeKind.LOCATION, Wanted(), "/division_code"),
        (ChangeKind.LOCATION, Wanted(division_code="440113", name="新名"), "/name"),
    ],
)
def test_r29_an_application_says_what_belongs_to_it(
    kind: ChangeKind, wanted: Wanted, pointer: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        apply(application(kind, wanted=wanted), CUSTOMER, RULES)
    assert refusal.value.pointer == pointer


def test_a_removal_does_not_end_before_it_begins() -> None:
    rules = ChangeRules((ChangeRule("removal", ("official-letter",), 0, ("director",)),))
    for until_on, is_good in ((date(2026, 3, 6), True), (date(2026, 3, 5), False), (None, True)):
        wanted = application(ChangeKind.REMOVAL, wanted=Wanted(until_on=until_on))
        if is_good:
            assert apply(wanted, CUSTOMER, rules) == wanted
            continue
        with pytest.raises(Invalid, match="before it begins"):
            apply(wanted, CUSTOMER, rules)


def test_a_closed_customer_changes_no_more() -> None:
    closed = replace(CUSTOMER, closed_on=DAY)
    with pytest.raises(WrongState):
        apply(application(), closed, RULES)
    with pytest.raises(WrongState):
        renamed(closed, application(), None)


def test_r29_somebody_with_the_right_decides_and_never_the_applicant() -> None:
    rule = RULES.changes[0]
    approved = approve(application(), DIRECTOR, ORGANISATION, rule, 7, DAY)
    assert (approved.state, approved.decided_by, approved.policy_version) == (
        *(ChangeState.APPROVED, "S-D", 7),
    )
    for by in (
        Actor("S-1", "GZ", frozenset({"director"})),
        Actor("S-D", "GZ", frozenset({"customer_administrator"})),
        Actor("S-D", "SZ", frozenset({"director"})),
        Actor("S-D", "GZ-TH-SP", frozenset({"director"})),
    ):
        with pytest.raises(NotADecider):
            approve(application(), by, ORGANISATION, rule, 7, DAY)
    with pytest.raises(ChangeDecided):
        refuse(approved, DIRECTOR, ORGANISATION, rule, 7, DAY, "材料不符")
    with pytest.raises(Invalid, match="before it was applied"):
        approve(application(), DIRECTOR, ORGANISATION, rule, 7, date(2026, 2, 28))


def test_r29_an_approved_change_is_due_on_its_day() -> None:
    approved = approve(application(), DIRECTOR, ORGANISATION, RULES.changes[0], 7, DAY)
    assert not is_due(approved, date(2026, 3, 5))
    assert is_due(approved, date(2026, 3, 6))
    assert not is_due(application(), date(2026, 3, 6))


def test_r29_the_old_name_is_kept_to_its_last_day() -> None:
    owned = replace(CUSTOMER, unified_credit_code="A")
    other_name, former = renamed(owned, application(), "B")
    assert (other_name.name, other_name.unified_credit_code, other_name.version) == ("新名", "A", 2)
    assert (former.name, former.until_on, former.version) == ("旧名", date(2026, 3, 5), 2)
    other_owner, before = renamed(owned, application(ChangeKind.OWNER), "B")
    assert (other_owner.unified_credit_code, before.unified_credit_code) == ("B", "A")
