"""R-48: A leads the development, B the maintenance; the swap happens once and is never undone."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain.people.managers import (
    Assignment,
    AssignmentOutOfTurn,
    History,
    ManagerRule,
    NobodyToSwap,
    Phase,
    Signature,
    Swap,
    SwapOutOfTurn,
    managers_of,
    swap,
)

DAY = date(2026, 3, 1)
A_AND_B = Assignment("S-A", "S-B", DAY, 1)
FIRST = Signature(UUID(int=1), DAY + timedelta(days=10))
SECOND = Signature(UUID(int=2), DAY + timedelta(days=40))
BACK = Swap(Phase.DEVELOPMENT, DAY + timedelta(days=20), 1)


def test_r48_a_leads_the_development() -> None:
    managers = managers_of(History([A_AND_B], [], []))
    assert managers is not None
    assert (managers.phase, managers.lead, managers.support) == (Phase.DEVELOPMENT, "S-A", "S-B")


def test_r48_the_first_signature_makes_b_lead() -> None:
    managers = managers_of(History([A_AND_B], [FIRST], []))
    assert managers is not None
    assert (managers.phase, managers.lead, managers.support) == (Phase.MAINTENANCE, "S-B", "S-A")
    assert managers.phase_contract_id == FIRST.contract_id
    assert managers.rule is ManagerRule.CONTRACT_SIGNED
    assert managers.effective_on == FIRST.signed_on


def test_r48_a_contract_known_before_the_managers_stores_the_phase() -> None:
    alone = managers_of(History([], [FIRST], []))
    assert alone is not None
    assert (alone.phase, alone.lead) == (Phase.MAINTENANCE, None)
    later = Assignment("S-A", "S-B", DAY + timedelta(days=30), 1)
    managers = managers_of(History([later], [FIRST], []))
    assert managers is not None
    assert managers.lead == "S-B"


def test_r48_a_later_contract_or_a_replay_does_not_undo_a_manual_swap() -> None:
    swapped = managers_of(History([A_AND_B], [FIRST], [BACK]))
    assert swapped is not None
    assert (swapped.phase, swapped.lead, swapped.rule) == (
        Phase.DEVELOPMENT,
        "S-A",
        ManagerRule.MANUAL_SWAP,
    )
    for signatures in itertools.permutations([FIRST, FIRST, SECOND]):
        assert managers_of(History([A_AND_B], signatures, [BACK])) == swapped


def test_r48_a_swap_before_the_contract_has_the_same_end() -> None:
    ahead = Swap(Phase.MAINTENANCE, DAY + timedelta(days=5), 1)
    managers = managers_of(History([A_AND_B], [FIRST], [ahead]))
    assert managers is not None
    assert managers.lead == "S-B"


@given(st.permutations([0, 1, 2]), st.permutations([0, 1, 2]))
def test_r48_the_managers_do_not_depend_on_what_became_known_first(
    one: list[int], other: list[int]
) -> None:
    signatures = [Signature(UUID(int=n), DAY + timedelta(days=7 * n)) for n in range(3)]
    swaps = [Swap(Phase.DEVELOPMENT, DAY + timedelta(days=5 * n), n) for n in range(3)]
    shuffled = History([A_AND_B], [signatures[n] for n in one], [swaps[n] for n in other])
    assert managers_of(shuffled) == managers_of(History([A_AND_B], signatures, swaps))


def test_a_lone_manager_leads_in_both_phases() -> None:
    managers = managers_of(History([Assignment("S-A", None, DAY, 1)], [FIRST], []))
    assert managers is not None
    assert (managers.lead, managers.support) == ("S-A", None)


def test_of_a_customer_without_any_of_it_nothing_is_known() -> None:
    assert managers_of(History([], [], [])) is None


def test_a_swap_hands_the_lead_to_the_other() -> None:
    assert swap(History([A_AND_B]), DAY).phase is Phase.MAINTENANCE
    assert swap(History([A_AND_B], [FIRST]), FIRST.signed_on).phase is Phase.DEVELOPMENT
    again = History([A_AND_B], [FIRST], [BACK])
    assert swap(again, BACK.on) == Swap(Phase.MAINTENANCE, BACK.on, 2)


def test_a_swap_needs_two_managers() -> None:
    for history in (History([Assignment("S-A", None, DAY, 1)]), History([], [FIRST])):
        with pytest.raises(NobodyToSwap):
            swap(history, FIRST.signed_on)


def test_a_swap_cannot_lie_before_the_last_change_of_phase() -> None:
    signed = History([A_AND_B], [FIRST])
    assert swap(signed, FIRST.signed_on)
    with pytest.raises(SwapOutOfTurn):
        swap(signed, FIRST.signed_on - timedelta(days=1))
    with pytest.raises(SwapOutOfTurn):
        swap(History([A_AND_B], [FIRST], [BACK]), FIRST.signed_on)


def test_an_assignment_cannot_lie_before_the_one_it_replaces() -> None:
    known = History([A_AND_B])
    assert known.next_assignment("S-C", None, DAY).sequence == 2
    with pytest.raises(AssignmentOutOfTurn):
        known.next_assignment("S-C", None, DAY - timedelta(days=1))
