"""R-37: opened with evidence, ruled in time by the next higher centre, from a day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.splits import Share, divide, everything_to
from services.registry.domain.cases.dispute_refusals import (
    DisputeClosed,
    DisputeOpenAlready,
    NotAParty,
    NothingInDispute,
    NotTheJudge,
    RulingOutOfReach,
)
from services.registry.domain.cases.disputes import (
    Dispute,
    DisputeCause,
    DisputeRules,
    DisputeState,
    open_dispute,
    require_none_open,
    speaks_for,
    unheard,
)
from services.registry.domain.cases.evidence import Evidence, EvidenceKind, weigh
from services.registry.domain.cases.rulings import Ruling, rule
from services.registry.domain.centres.organisation import NoCentre

from ..organisations import ORGANISATION

DECLARED, OPENED, RULED = date(2026, 1, 10), date(2026, 3, 1), date(2026, 3, 20)
RULES = DisputeRules(30, ("director",), elsewhere_minimum=Decimal(10000), appeal_days=15)
JUDGE = Actor("S-DIR", "GZ", frozenset({"director"}))


def opened(owner: str = "GZ-TH", *claimants: str) -> Dispute:
    return open_dispute(
        ORGANISATION,
        RULES,
        dispute_id=UUID(int=1),
        customer_key=UUID(int=2),
        owner_unit=owner,
        claimants=claimants or ("GZ-PY",),
        cause=DisputeCause.CLAIM,
        on=OPENED,
    )


def ruling(
    owner: str = "GZ-PY", effective_on: date = OPENED, shares: dict[str, str] | None = None
) -> Ruling:
    parts = tuple(Share(unit, Decimal(share)) for unit, share in (shares or {}).items())
    return Ruling(
        ruling_id=UUID(int=3),
        owner_unit=owner,
        effective_on=effective_on,
        ruled_on=RULED,
        reason="签约地在番禺",
        terms=divide(parts or everything_to(owner), (), None),
    )


def decide(dispute: Dispute, actor: Actor, decision: Ruling) -> Dispute:
    return rule(dispute, actor, ORGANISATION, RULES, decision, DECLARED)


def test_r37_a_dispute_names_the_parties_the_judge_and_the_deadline() -> None:
    dispute = opened()
    assert dispute.parties == ("GZ-PY", "GZ-TH")
    assert dispute.ruling_unit == "GZ"
    assert dispute.due_on == date(2026, 3, 31)


def test_the_day_of_the_deadline_is_still_in_time() -> None:
    dispute = opened()
    assert not dispute.is_overdue(dispute.due_on)
    assert dispute.is_overdue(date(2026, 4, 1))
    assert not decide(dispute, JUDGE, ruling()).is_overdue(date(2026, 4, 1))


def test_r04_the_centre_above_a_branch_is_the_party() -> None:
    assert opened("GZ-PY", "GZ-TH-SP").parties == ("GZ-PY", "GZ-TH")
    with pytest.raises(NothingInDispute):
        opened("GZ-TH", "GZ-TH-SP")


def test_r37_the_ruling_centre_or_one_above_it_rules() -> None:
    ruled = decide(opened(), JUDGE, ruling())
    assert (ruled.state, ruled.ruled_on, ruled.version) == (DisputeState.RULED, RULED, 2)
    province = Actor("S-P", "GD", frozenset({"director"}))
    assert decide(opened(), province, ruling()).state is DisputeState.RULED


@pytest.mark.parametrize(
    "actor",
    [
        Actor("S-1", "GZ-TH", frozenset({"director"})),
        Actor("S-2", "SZ", frozenset({"director"})),
        Actor("S-3", "GZ", frozenset({"account_manager"})),
    ],
)
def test_r37_nobody_else_rules(actor: Actor) -> None:
    with pytest.raises(NotTheJudge):
        decide(opened(), actor, ruling())


def test_r37_a_dispute_is_ruled_once() -> None:
    ruled = decide(opened(), JUDGE, ruling())
    with pytest.raises(DisputeClosed):
        decide(ruled, JUDGE, ruling())
    with pytest.raises(DisputeClosed):
        speaks_for(ruled, ORGANISATION, "GZ-TH")


def test_r37_a_ruling_stays_inside_the_territory_and_the_life_of_the_customer() -> None:
    with pytest.raises(RulingOutOfReach, match="SZ"):
        decide(opened(), JUDGE, ruling("SZ"))
    with pytest.raises(RulingOutOfReach, match="SZ-NS"):
        decide(opened(), JUDGE, ruling("GZ-PY", shares={"GZ-PY": "0.9", "SZ-NS": "0.1"}))
    with pytest.raises(NoCentre):
        decide(opened(), JUDGE, ruling("GZ-TH-SP"))
    assert decide(opened(), JUDGE, ruling(effective_on=DECLARED)).ruled_on == RULED
    with pytest.raises(RulingOutOfReach, match="before"):
        decide(opened(), JUDGE, ruling(effective_on=date(2026, 1, 9)))


def test_r37_parties_and_their_branches_speak_and_strangers_do_not() -> None:
    dispute = opened()
    assert speaks_for(dispute, ORGANISATION, "GZ-TH-SP") == "GZ-TH"
    assert speaks_for(dispute, ORGANISATION, "GZ") == "GZ"
    assert speaks_for(dispute, ORGANISATION, "GD") == "GZ"
    for stranger in ("SZ", "GD-EMS"):
        with pytest.raises(NotAParty):
            speaks_for(dispute, ORGANISATION, stranger)


def test_r37_a_centre_above_one_party_alone_speaks_for_it() -> None:
    dispute = opened("GZ-TH", "SZ-NS")
    assert speaks_for(dispute, ORGANISATION, "GZ") == "GZ-TH"
    assert speaks_for(dispute, ORGANISATION, "GD") == "GD"
    with pytest.raises(NotAParty):
        speaks_for(dispute, ORGANISATION, "GZ-PY")


def test_r37_evidence_is_weighed_per_party_with_branches_counted_for_their_centre() -> None:
    evidence = [
        Evidence(EvidenceKind.DECLARATION, "d1", "GZ-TH", date(2026, 1, 10)),
        Evidence(EvidenceKind.DECLARATION, "d2", "GZ-TH", date(2026, 2, 1)),
        Evidence(EvidenceKind.VISIT, "v1", "GZ-TH-SP", date(2026, 2, 2), count=3),
        Evidence(EvidenceKind.CONTRACT, "c1", "GZ-PY", date(2026, 2, 9)),
        Evidence(EvidenceKind.REVENUE, "r1", "GZ-PY", OPENED, amount=Decimal("500.00")),
        Evidence(EvidenceKind.REVENUE, "r2", "GZ-PY", OPENED, amount=Decimal("-99.50")),
        Evidence(EvidenceKind.REVENUE, "r3", "SZ", OPENED, amount=Decimal("7.00")),
    ]
    panyu, tianhe = weigh(("GZ-PY", "GZ-TH"), ORGANISATION, evidence)
    assert (tianhe.first_declared_on, tianhe.visits, tianhe.contracts) == (DECLARED, 3, 0)
    assert (panyu.first_declared_on, panyu.contracts, panyu.revenue) == (
        None,
        1,
        Decimal("400.50"),
    )


def test_one_dispute_about_a_customer_at_a_time() -> None:
    require_none_open([])
    require_none_open([decide(opened(), JUDGE, ruling())])
    with pytest.raises(DisputeOpenAlready):
        require_none_open([opened()])


def test_r37_business_elsewhere_is_a_case_only_for_those_not_heard_yet() -> None:
    assert unheard(["SZ", "GZ-PY"], []) == ("GZ-PY", "SZ")
    assert unheard(["SZ"], [opened()]) == ()
    assert unheard(["SZ", "GZ-PY"], [decide(opened(), JUDGE, ruling())]) == ("SZ",)
