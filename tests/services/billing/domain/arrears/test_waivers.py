"""Waiving a late fee takes two people, one of them with the authority (B-15)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.domain.arrears.waivers import (
    ApproverIsApplicant,
    Decider,
    Waivable,
    Waiver,
    WaiverAuthority,
    WaiverBeyondAuthority,
    WaiverLimit,
    WaiverNotOpen,
    WaiverState,
    WaiverTooLarge,
    amount_to_waive,
    approve,
    refuse,
    withdraw,
)
from services.billing.domain.requests.requests import DecidedTooEarly

AUTHORITY = WaiverAuthority(
    (
        WaiverLimit("city", ("deputy_director",), Decimal("500.00")),
        WaiverLimit("city", ("director",), Decimal("2000.00")),
        WaiverLimit("province", ("director",), None),
    )
)
ON = date(2026, 3, 10)
CLERK = Decider("F1", "city", frozenset({"finance"}))
DEPUTY = Decider("D2", "city", frozenset({"deputy_director"}))
DIRECTOR = Decider("D1", "city", frozenset({"director"}))
PROVINCE = Decider("P1", "province", frozenset({"director"}))


def fee(amount: str = "5200.00", granted: str = "0.00") -> Waivable:
    return Waivable(UUID(int=1), UUID(int=2), Decimal(amount), Decimal(granted))


def waiver(amount: str, state: WaiverState = WaiverState.PROPOSED) -> Waiver:
    return Waiver(
        *(UUID(int=3), UUID(int=1), UUID(int=2), Decimal(amount), "flood", state, "F1", ON)
    )


def granted(amount: str, by: Decider, before: str = "0.00") -> Waiver:
    return approve(waiver(amount), fee(granted=before), by, AUTHORITY, 7, ON)


def test_all_that_is_left_is_waived_when_no_amount_is_said() -> None:
    assert amount_to_waive(fee(granted="200.00"), None) == 5000


@pytest.mark.parametrize("amount", ["0.01", "5000.00"])
def test_any_part_up_to_what_is_left_can_be_waived(amount: str) -> None:
    assert amount_to_waive(fee(granted="200.00"), Decimal(amount)) == Decimal(amount)


@pytest.mark.parametrize("amount", ["5000.01", "0.00"])
def test_no_more_than_is_left_can_be_waived(amount: str) -> None:
    with pytest.raises(WaiverTooLarge):
        amount_to_waive(fee(granted="200.00"), Decimal(amount))


def test_of_a_fee_that_was_waived_whole_nothing_is_left_to_waive() -> None:
    with pytest.raises(WaiverTooLarge):
        amount_to_waive(fee(granted="5200.00"), None)


def test_the_limit_of_a_level_is_within_its_authority_b_15() -> None:
    decided = granted("500.00", DEPUTY)
    assert (decided.state, decided.decided_by) == (WaiverState.APPROVED, "D2")
    assert (decided.policy_version, decided.version) == (7, 2)


def test_a_cent_more_than_the_limit_is_beyond_it_b_15() -> None:
    with pytest.raises(WaiverBeyondAuthority):
        granted("500.01", DEPUTY)
    assert granted("500.01", DIRECTOR).state is WaiverState.APPROVED


def test_a_limit_counts_all_that_was_granted_of_the_fee() -> None:
    assert granted("100.00", DEPUTY, before="400.00").state is WaiverState.APPROVED
    with pytest.raises(WaiverBeyondAuthority):
        granted("100.01", DEPUTY, before="400.00")


def test_a_limit_may_be_none_at_all() -> None:
    assert granted("5200.00", PROVINCE).state is WaiverState.APPROVED


def test_a_role_without_a_limit_decides_nothing() -> None:
    with pytest.raises(WaiverBeyondAuthority):
        granted("0.01", Decider("F2", "city", frozenset({"finance"})))
    with pytest.raises(WaiverBeyondAuthority):
        granted("0.01", Decider("D9", None, frozenset({"director"})))


def test_whoever_proposed_it_decides_nothing() -> None:
    both = Decider("F1", "province", frozenset({"finance", "director"}))
    for decision in (approve, refuse):
        with pytest.raises(ApproverIsApplicant):
            decision(waiver("1.00"), fee(), both, AUTHORITY, 7, ON)
    with pytest.raises(ApproverIsApplicant):
        withdraw(waiver("1.00", WaiverState.APPROVED), fee(), both, AUTHORITY, 7, ON)


def test_a_fee_that_fell_meanwhile_is_not_waived_beyond_what_is_left() -> None:
    with pytest.raises(WaiverTooLarge):
        approve(waiver("100.00"), fee("99.99"), DIRECTOR, AUTHORITY, 7, ON)
    assert refuse(waiver("100.00"), fee("99.99"), DIRECTOR, AUTHORITY, 7, ON).state == "refused"


@pytest.mark.parametrize("state", sorted(set(WaiverState) - {WaiverState.PROPOSED}))
def test_what_is_decided_is_not_decided_again(state: WaiverState) -> None:
    for decision in (approve, refuse):
        with pytest.raises(WaiverNotOpen):
            decision(waiver("1.00", state), fee(), DIRECTOR, AUTHORITY, 7, ON)


def test_nothing_is_decided_before_the_step_before_b_15() -> None:
    """Else the authority of an earlier day, when it reached further, could be had."""
    day_before = ON - timedelta(days=1)
    for decision, by in ((approve, DIRECTOR), (refuse, DIRECTOR), (withdraw, CLERK)):
        with pytest.raises(DecidedTooEarly):
            decision(waiver("1.00"), fee(), by, AUTHORITY, 7, day_before)
        assert decision(waiver("1.00"), fee(), by, AUTHORITY, 7, ON).decided_on == ON
    given = approve(waiver("1.00"), fee(), DIRECTOR, AUTHORITY, 7, ON + timedelta(days=1))
    with pytest.raises(DecidedTooEarly):
        withdraw(given, fee(granted="1.00"), DIRECTOR, AUTHORITY, 7, ON)


def test_a_proposal_is_taken_back_by_whoever_made_it() -> None:
    assert withdraw(waiver("9999.00"), fee(), CLERK, AUTHORITY, 7, ON).state == "withdrawn"
    with pytest.raises(WaiverBeyondAuthority):
        withdraw(waiver("1.00"), fee(), DIRECTOR, AUTHORITY, 7, ON)


def test_a_grant_is_withdrawn_by_whoever_could_have_given_it() -> None:
    given = waiver("600.00", WaiverState.APPROVED)
    seen = fee(granted="600.00")
    assert withdraw(given, seen, DIRECTOR, AUTHORITY, 7, ON).state is WaiverState.WITHDRAWN
    with pytest.raises(WaiverBeyondAuthority):
        withdraw(given, seen, DEPUTY, AUTHORITY, 7, ON)


@pytest.mark.parametrize("state", [WaiverState.REFUSED, WaiverState.WITHDRAWN])
def test_what_was_never_granted_is_not_withdrawn(state: WaiverState) -> None:
    with pytest.raises(WaiverNotOpen):
        withdraw(waiver("1.00", state), fee(), CLERK, AUTHORITY, 7, ON)
