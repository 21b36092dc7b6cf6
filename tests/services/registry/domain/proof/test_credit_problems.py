"""R-22: a credit problem is reported to the next higher centre, which alone lets talks go on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.proof.credit_problems import (
    AlreadyNoted,
    CreditProblem,
    CreditSuspension,
    NotALifter,
    NotReportedHere,
    lift,
    note,
    raise_problem,
)
from shared.errors import Invalid

from ..organisations import ORGANISATION

DAY = date(2026, 3, 1)
POLICY = CreditSuspension(("director",))


def somebody(unit: str, code: str = "S-1", role: str = "director") -> Actor:
    return Actor(code, unit, frozenset({role}))


def raised(unit: str) -> CreditProblem:
    return raise_problem(
        *(somebody(unit, "S-RAISER"), ORGANISATION),
        problem_id=UUID(int=1),
        customer_key=UUID(int=2),
        reason="拖欠",
        on=DAY,
    )


@pytest.mark.parametrize(
    ("unit", "above"),
    [("GZ-TH-SP", "GZ"), ("GZ-TH", "GZ"), ("GZ", "GD"), ("GD-EMS", "GD"), ("GD", "GD")],
)
def test_r22_the_problem_is_reported_to_the_next_higher_centre(unit: str, above: str) -> None:
    assert raised(unit).reported_to == above


@pytest.mark.parametrize("unit", ["GZ", "GD"])
def test_r22_a_director_of_the_centre_that_was_told_or_above_lifts(unit: str) -> None:
    lifted = lift(raised("GZ-TH"), somebody(unit), ORGANISATION, POLICY, DAY, "已结清")
    assert (lifted.lifted_by, lifted.lifted_on, lifted.lifted_for) == ("S-1", DAY, "已结清")


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (somebody("GZ-TH"), NotReportedHere),
        (somebody("SZ"), NotReportedHere),
        (somebody("GZ", role="deputy_director"), NotALifter),
        (somebody("GZ", "S-RAISER"), NotALifter),
    ],
)
def test_r22_nobody_else_lifts(by: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        lift(raised("GZ-TH"), by, ORGANISATION, POLICY, DAY, "已结清")


def test_r22_the_centre_above_takes_note_once() -> None:
    noted = note(raised("GZ-TH"), somebody("GZ"), ORGANISATION, DAY)
    assert (noted.noted_by, noted.version) == ("S-1", 2)
    with pytest.raises(AlreadyNoted):
        note(noted, somebody("GD"), ORGANISATION, DAY)
    with pytest.raises(NotReportedHere):
        note(raised("GZ-TH"), somebody("GZ-TH"), ORGANISATION, DAY)


def test_nothing_is_noted_or_lifted_before_it_was_raised() -> None:
    before = date(2026, 2, 28)
    with pytest.raises(Invalid, match="before the problem"):
        note(raised("GZ-TH"), somebody("GZ"), ORGANISATION, before)
    with pytest.raises(Invalid, match="before the problem"):
        lift(raised("GZ-TH"), somebody("GZ"), ORGANISATION, POLICY, before, "已结清")
