"""R-08, R-46, R-48: who may manage whom, and from which tier on there are two."""

from __future__ import annotations

import pytest

from services.registry.domain.centres.staff import NotOnDuty, StaffMember, StaffState
from services.registry.domain.people.manager_pairs import (
    ManagerPairs,
    NotTheOwnersStaff,
    SamePersonTwice,
    SchemePair,
    SecondManagerMissing,
    assign,
)

from ..organisations import ORGANISATION

PAIRS = ManagerPairs(
    (SchemePair("score-2005", ("diamond", "gold", "silver", "ordinary"), "silver"),)
)


def manager(code: str, unit: str = "GZ-TH") -> StaffMember:
    return StaffMember(code, "名", unit, frozenset({"account_manager"}))


@pytest.mark.parametrize(
    ("tier", "asked"),
    [("diamond", True), ("silver", True), ("ordinary", False), ("vip", False), (None, False)],
)
def test_r48_two_managers_from_the_minimum_tier_on(tier: str | None, asked: bool) -> None:
    assert PAIRS.ask_for_two([("score-2005", tier)]) is asked
    assert not PAIRS.ask_for_two([("another-scheme", tier)])
    assert not PAIRS.ask_for_two([])


def test_a_minimum_that_is_no_tier_of_the_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="vip"):
        ManagerPairs((SchemePair("score-2005", ("gold",), "vip"),))


def test_r48_a_customer_of_that_tier_is_not_left_with_one_manager() -> None:
    assign(ORGANISATION, ["GZ-TH"], manager("S-A"), None, needs_two=False)
    with pytest.raises(SecondManagerMissing):
        assign(ORGANISATION, ["GZ-TH"], manager("S-A"), None, needs_two=True)


def test_r48_a_and_b_are_two_people() -> None:
    with pytest.raises(SamePersonTwice):
        assign(ORGANISATION, ["GZ-TH"], manager("S-A"), manager("S-A"), needs_two=True)


def test_r46_the_a_manager_works_for_the_owner_and_b_may_come_from_elsewhere() -> None:
    assign(ORGANISATION, ["GZ-TH"], manager("S-A", "GZ"), manager("S-B", "SZ"), needs_two=True)
    with pytest.raises(NotTheOwnersStaff):
        assign(ORGANISATION, ["GZ-TH"], manager("S-A", "SZ"), manager("S-B"), needs_two=True)


def test_r08_managers_are_account_managers_on_duty() -> None:
    gone = StaffMember("S-B", "名", "GZ", frozenset({"account_manager"}), StaffState.LEFT)
    clerk = StaffMember("S-A", "名", "GZ", frozenset({"telephone"}))
    with pytest.raises(NotOnDuty):
        assign(ORGANISATION, ["GZ"], clerk, None, needs_two=False)
    with pytest.raises(NotOnDuty):
        assign(ORGANISATION, ["GZ"], manager("S-A"), gone, needs_two=False)
