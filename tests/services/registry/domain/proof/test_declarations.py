"""R-20, R-09, R-04: declared upwards, decided by a director above, reported by branches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.centres.organisation import NoCentre
from services.registry.domain.proof.declaration_decisions import approve, assign_developers, refuse
from services.registry.domain.proof.declaration_refusals import (
    AlreadyDecided,
    DeveloperOutOfReach,
    DeviationUnexplained,
    NotABranch,
    NotAnApprover,
    NotTheSuperior,
    OutsideOwnUnit,
    OwnDeclaration,
)
from services.registry.domain.proof.declarations import (
    Declaration,
    DeclarationApproval,
    DeclarationState,
    Developers,
    file,
)
from shared.errors import Invalid

from ..organisations import ORGANISATION

DAY = date(2026, 3, 1)
POLICY = DeclarationApproval(("director",))
DECLARATION = Declaration(
    declaration_id=UUID(int=1),
    customer_key=UUID(int=2),
    declaring_unit="GZ-TH",
    declared_by="S-ADMIN",
    declared_on=DAY,
    reporting_branch=None,
    development_unit="GZ-TH",
    joint_units=(),
)


def director(unit: str, code: str = "S-DIR") -> Actor:
    return Actor(code, unit, frozenset({"director"}))


def test_without_a_proposal_the_declaring_centre_develops() -> None:
    filing = file(ORGANISATION, filed_at="GZ-TH")
    assert (filing.declaring_unit, filing.development_unit) == ("GZ-TH", "GZ-TH")
    assert filing.reporting_branch is None


def test_r04_what_a_branch_files_is_declared_by_the_centre_above_it() -> None:
    filing = file(ORGANISATION, filed_at="GZ-TH-SP")
    assert filing.declaring_unit == "GZ-TH"
    assert filing.reporting_branch == "GZ-TH-SP"


def test_r04_a_branch_cannot_be_proposed_as_developer_or_joint_developer() -> None:
    for proposal in ({"development_unit": "GZ-TH-SP"}, {"joint_units": ["GZ-TH-SP"]}):
        with pytest.raises(NoCentre):
            file(ORGANISATION, filed_at="GZ-TH", **proposal)


def test_r09_another_unit_may_be_proposed_to_develop() -> None:
    filing = file(
        ORGANISATION, filed_at="GZ-TH", development_unit="SZ", joint_units=["GZ", "SZ", "GZ"]
    )
    assert (filing.development_unit, filing.joint_units) == ("SZ", ("GZ",))


def test_people_declare_for_their_own_unit_or_one_below() -> None:
    assert file(ORGANISATION, filed_at="GZ", declaring_unit="GZ-PY").declaring_unit == "GZ-PY"
    with pytest.raises(OutsideOwnUnit):
        file(ORGANISATION, filed_at="GZ-PY", declaring_unit="GZ-TH")


def test_only_a_branch_below_the_centre_can_have_reported_the_lead() -> None:
    assert file(ORGANISATION, filed_at="GZ", reporting_branch="GZ-TH-SP").reporting_branch
    for filed_at, branch in (("GZ-PY", "GZ-TH-SP"), ("GZ", "GZ-TH")):
        with pytest.raises(NotABranch):
            file(ORGANISATION, filed_at=filed_at, reporting_branch=branch)


@pytest.mark.parametrize("above", ["GZ", "GD"])
def test_r20_a_director_of_a_centre_above_approves(above: str) -> None:
    approved = approve(DECLARATION, director(above), ORGANISATION, POLICY, DAY)
    assert (approved.state, approved.decided_by, approved.version) == (
        DeclarationState.APPROVED,
        "S-DIR",
        2,
    )


@pytest.mark.parametrize("elsewhere", ["GZ-TH", "GZ-PY", "SZ", "GZ-TH-SP"])
def test_r20_nobody_beside_or_below_approves(elsewhere: str) -> None:
    with pytest.raises(NotTheSuperior):
        approve(DECLARATION, director(elsewhere), ORGANISATION, POLICY, DAY)


def test_r20_the_province_decides_about_its_own_declarations() -> None:
    own = replace(DECLARATION, declaring_unit="GD")
    assert approve(own, director("GD"), ORGANISATION, POLICY, DAY).decided_on == DAY


def test_r09_the_administrator_proposes_and_does_not_approve() -> None:
    clerk = Actor("S-X", "GZ", frozenset({"customer_administrator"}))
    with pytest.raises(NotAnApprover):
        approve(DECLARATION, clerk, ORGANISATION, POLICY, DAY)
    with pytest.raises(OwnDeclaration):
        approve(DECLARATION, director("GZ", "S-ADMIN"), ORGANISATION, POLICY, DAY)


def test_a_declaration_is_decided_once() -> None:
    refused = refuse(DECLARATION, director("GZ"), ORGANISATION, POLICY, DAY, "信息不全")
    assert (refused.state, refused.decision_reason) == (DeclarationState.REFUSED, "信息不全")
    with pytest.raises(AlreadyDecided):
        approve(refused, director("GD"), ORGANISATION, POLICY, DAY)
    with pytest.raises(AlreadyDecided):
        refuse(refused, director("GD"), ORGANISATION, POLICY, DAY, "再议")


def test_a_decision_does_not_lie_before_the_declaration() -> None:
    with pytest.raises(Invalid, match="before it was declared"):
        approve(DECLARATION, director("GZ"), ORGANISATION, POLICY, date(2026, 2, 28))


def test_r09_a_director_gives_a_customer_only_to_the_own_territory() -> None:
    def developers(by: str, unit: str | None, joint: list[str] | None) -> tuple[str, ...]:
        found = assign_developers(
            Developers("GZ-TH", ()), director(by), ORGANISATION, unit, joint, "更近"
        )
        return found.development_unit, *found.joint_units

    assert developers("GZ", None, None) == ("GZ-TH",)
    assert developers("GZ", "GZ-PY", ["GZ-TH", "GZ-PY"]) == ("GZ-PY", "GZ-TH")
    assert developers("GD", "SZ", ["GD-EMS"]) == ("SZ", "GD-EMS")
    for unit, joint in (("SZ", None), (None, ["SZ-NS"])):
        with pytest.raises(DeveloperOutOfReach):
            developers("GZ", unit, joint)
    with pytest.raises(NoCentre):
        developers("GZ", "GZ-TH-SP", None)


def test_r09_a_director_who_decides_otherwise_than_proposed_says_why() -> None:
    proposed = Developers("GZ-TH", ("GZ-PY",))
    kept = assign_developers(proposed, director("GZ"), ORGANISATION, None, None)
    same = assign_developers(proposed, director("GZ"), ORGANISATION, "GZ-TH", ["GZ-PY"])
    assert kept == same == proposed
    for unit, joint in (("GZ-PY", None), (None, [])):
        with pytest.raises(DeviationUnexplained) as refusal:
            assign_developers(proposed, director("GZ"), ORGANISATION, unit, joint)
        assert refusal.value.facts["proposed"] == ["GZ-TH", "GZ-PY"]
    assert assign_developers(
        proposed, director("GZ"), ORGANISATION, "GZ-PY", [], "业务在番禺"
    ) == Developers("GZ-PY", ())


def test_r07_a_specialty_bureau_is_confirmed_by_the_centre_of_its_level() -> None:
    own = replace(DECLARATION, declaring_unit="GD-EMS", development_unit="GD-EMS")
    assert approve(own, director("GD"), ORGANISATION, POLICY, DAY).decided_by == "S-DIR"
    for elsewhere in ("GD-EMS", "GZ"):
        with pytest.raises(NotTheSuperior):
            approve(own, director(elsewhere), ORGANISATION, POLICY, DAY)
