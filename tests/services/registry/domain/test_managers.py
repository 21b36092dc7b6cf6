"""R-48: A leads the development, B the maintenance; the swap happens once and is never undone."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.managers import (
    Assignment,
    ManagerPairs,
    ManagerRule,
    Managers,
    NobodyToSwap,
    NotTheOwnersStaff,
    Phase,
    SamePersonTwice,
    SchemePair,
    SecondManagerMissing,
    Signature,
    Swap,
    SwapOutOfTurn,
    assign,
    managers_of,
    swap,
)
from services.registry.domain.staff import NotOnDuty, StaffMember, StaffState

from .organisations import ORGANISATION

DAY = date(2026, 3, 1)
A_AND_B = Assignment("S-A", "S-B", DAY, 1)
FIRST = Signature(UUID(int=1), DAY + timedelta(days=10))
SECOND = Signature(UUID(int=2), DAY + timedelta(days=40))
BACK = Swap(Phase.DEVELOPMENT, DAY + timedelta(days=20), 2)
PAIRS = ManagerPairs(
    (SchemePair("score-2005", ("diamond", "gold", "silver", "ordinary"), "silver"),)
)


def manager(code: str, unit: str = "GZ-TH") -> StaffMember:
    return StaffMember(code, "名", unit, frozenset({"account_manager"}))


def test_r48_a_leads_the_development() -> None:
    managers = managers_of([A_AND_B], [], [])
    assert managers is not None
    assert (managers.phase, managers.lead, managers.support) == (Phase.DEVELOPMENT, "S-A", "S-B")


def test_r48_the_first_signature_makes_b_lead() -> None:
    managers = managers_of([A_AND_B], [FIRST], [])
    assert managers is not None
    assert (managers.phase, managers.lead, managers.support) == (Phase.MAINTENANCE, "S-B", "S-A")
    assert managers.phase_contract_id == FIRST.contract_id
    assert managers.rule is ManagerRule.CONTRACT_SIGNED
    assert managers.effective_on == FIRST.signed_on


def test_r48_a_contract_known_before_the_managers_stores_the_phase() -> None:
    alone = managers_of([], [FIRST], [])
    assert alone is not None
    assert (alone.phase, alone.lead) == (Phase.MAINTENANCE, None)
    later = Assignment("S-A", "S-B", DAY + timedelta(days=30), 1)
    managers = managers_of([later], [FIRST], [])
    assert managers is not None
    assert managers.lead == "S-B"


def test_r48_a_later_contract_or_a_replay_does_not_undo_a_manual_swap() -> None:
    swapped = managers_of([A_AND_B], [FIRST], [BACK])
    assert swapped is not None
    assert (swapped.phase, swapped.lead, swapped.rule) == (
        Phase.DEVELOPMENT,
        "S-A",
        ManagerRule.MANUAL_SWAP,
    )
    for signatures in itertools.permutations([FIRST, FIRST, SECOND]):
        assert managers_of([A_AND_B], signatures, [BACK]) == swapped


def test_r48_a_swap_before_the_contract_has_the_same_end() -> None:
    ahead = Swap(Phase.MAINTENANCE, DAY + timedelta(days=5), 1)
    managers = managers_of([A_AND_B], [FIRST], [ahead])
    assert managers is not None
    assert managers.lead == "S-B"


@given(st.permutations([0, 1, 2]), st.permutations([0, 1, 2]))
def test_r48_the_managers_do_not_depend_on_what_became_known_first(
    one: list[int], other: list[int]
) -> None:
    signatures = [Signature(UUID(int=n), DAY + timedelta(days=7 * n)) for n in range(3)]
    swaps = [Swap(Phase.DEVELOPMENT, DAY + timedelta(days=5 * n), n) for n in range(3)]
    assert managers_of(
        [A_AND_B], [signatures[n] for n in one], [swaps[n] for n in other]
    ) == managers_of([A_AND_B], signatures, swaps)


def test_a_lone_manager_leads_in_both_phases() -> None:
    managers = managers_of([Assignment("S-A", None, DAY, 1)], [FIRST], [])
    assert managers is not None
    assert (managers.lead, managers.support) == ("S-A", None)


def test_of_a_customer_without_any_of_it_nothing_is_known() -> None:
    assert managers_of([], [], []) is None


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


def test_a_swap_hands_the_lead_to_the_other() -> None:
    developing = managers_of([A_AND_B], [], [])
    assert swap(developing, None, DAY, 1).phase is Phase.MAINTENANCE
    maintaining = managers_of([A_AND_B], [FIRST], [])
    assert swap(maintaining, FIRST.signed_on, FIRST.signed_on, 1).phase is Phase.DEVELOPMENT


def test_a_swap_needs_two_managers_and_cannot_lie_before_the_last_change() -> None:
    alone = managers_of([Assignment("S-A", None, DAY, 1)], [], [])
    nobody: Managers | None = None
    for managers in (alone, nobody):
        with pytest.raises(NobodyToSwap):
            swap(managers, None, DAY, 1)
    with pytest.raises(SwapOutOfTurn):
        swap(managers_of([A_AND_B], [FIRST], []), FIRST.signed_on, DAY, 1)
