"""Deposits: limits on the sum of the chain, and clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.domain.books.accounts import Account
from services.billing.domain.objects.deposit_endings import expire
from services.billing.domain.objects.deposit_limits import most_for
from services.billing.domain.objects.deposit_refusals import (
    AlreadyLarge,
    DepositNotLive,
    DepositTooLarge,
    DepositTooSmall,
    NoLargeDepositPossible,
)
from services.billing.domain.objects.deposits import Kind, State, received, reprice, take, upgrade
from shared.errors import Refusal
from tests.services.billing.domain.objects.taking import (
    CUSTOMER,
    DAY,
    IN_FORCE,
    TERMS,
    taken,
    upgraded,
)


@pytest.mark.parametrize("amount", ["300", "3000", "9999.99"])
def test_a_small_deposit_holds_three_days_b_01(amount: str) -> None:
    deposit = taken(amount=amount)
    assert deposit.valid_until_on == DAY + timedelta(days=3)
    assert deposit.contract_due_on == DAY + timedelta(days=10)  # B-03


def test_a_small_deposit_has_a_lower_and_an_upper_bound_b_01() -> None:
    with pytest.raises(DepositTooSmall) as below:
        taken(amount="299.99")
    with pytest.raises(DepositTooLarge) as above:
        taken(amount="10000")
    assert below.value.rule == above.value.rule == "B-01"


@pytest.mark.parametrize("amount", ["10000", "160000"])
def test_a_large_deposit_holds_ten_days_between_10_000_and_20_percent_b_02(amount: str) -> None:
    assert taken(Kind.LARGE, amount).valid_until_on == DAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("amount", "refusal"), [("9999.99", DepositTooSmall), ("160000.01", DepositTooLarge)]
)
def test_a_large_deposit_outside_its_bounds_is_refused_b_02(
    amount: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as caught:
        taken(Kind.LARGE, amount)
    assert caught.value.facts["policy_version"] == 1


def test_a_price_of_50_000_allows_exactly_10_000_c_10() -> None:
    assert taken(Kind.LARGE, "10000", "50000").amount == 10_000
    with pytest.raises(DepositTooLarge):
        taken(Kind.LARGE, "10000.01", "50000")


def test_a_price_below_50_000_allows_no_large_deposit_c_10() -> None:
    with pytest.raises(NoLargeDepositPossible):
        taken(Kind.LARGE, "10000", "49999")


def test_the_limit_holds_for_the_sum_of_the_chain_c_10() -> None:
    small = taken(amount="500", price="50000")
    with pytest.raises(DepositTooLarge) as caught:
        upgraded(small, "10000")
    assert caught.value.facts["sum"] == 10_500
    assert upgraded(small, "9500").chain_amount == 10_000


def test_the_limit_is_rounded_down_to_the_cent() -> None:
    assert most_for(Decimal("50000.04"), TERMS) == Decimal("10000.00")


def test_an_upgrade_keeps_one_chain_and_restarts_the_clock_once_b_11_c_11() -> None:
    small = taken()
    before, large = upgrade(small, UUID(int=8), Decimal(20_000), DAY + timedelta(days=3), IN_FORCE)
    assert (before.state, before.upgraded_to) == (State.UPGRADED, large.deposit_id)
    assert large.chain_id == small.chain_id
    assert large.valid_until_on == DAY + timedelta(days=13)
    assert (large.amount, large.chain_amount) == (Decimal(20_000), Decimal(20_500))
    with pytest.raises(AlreadyLarge):
        upgraded(large, "1000")


def test_a_deposit_lives_to_the_end_of_its_last_day_c_12() -> None:
    small = taken()
    assert upgraded(small, "20000", DAY + timedelta(days=3)).state is State.TAKEN
    with pytest.raises(DepositNotLive):
        upgraded(small, "20000", DAY + timedelta(days=4))
    with pytest.raises(AssertionError):
        expire(small, DAY + timedelta(days=3))
    assert expire(small, DAY + timedelta(days=4)).state is State.EXPIRED


def test_a_price_cut_that_breaks_the_limit_leaves_an_excess_without_effect_b_12() -> None:
    large = taken(Kind.LARGE, "100000", "500000")
    assert large.excess_amount == 0
    kept = reprice(large, Decimal("500000"), DAY, IN_FORCE)
    assert (kept.excess_amount, kept.version) == (Decimal(0), 2)
    cut = reprice(large, Decimal("499999.95"), DAY, IN_FORCE)
    assert (cut.excess_amount, cut.effective_amount) == (Decimal("0.01"), Decimal("99999.99"))
    assert reprice(cut, Decimal("500000"), DAY, IN_FORCE).excess_amount == 0


def test_the_law_counts_its_own_share_where_policy_asks_for_less_b_12() -> None:
    terms = replace(TERMS, share_of_price=Decimal("0.10"), legal_share=Decimal("0.20"))
    in_force = replace(IN_FORCE, body=terms)
    large = take(
        *(UUID(int=7), CUSTOMER, "B1", Kind.LARGE, Decimal(10_000), Decimal(100_000)),
        *(DAY, in_force),
    )
    assert reprice(large, Decimal(50_000), DAY, in_force).excess_amount == 0
    assert reprice(large, Decimal("49999.95"), DAY, in_force).excess_amount == Decimal("0.01")


def test_what_came_in_is_a_liability() -> None:
    (line,) = received(taken())
    assert (line.debit, line.credit) == (Account.BANK, Account.DEPOSITS_HELD)
    assert line.amount == 500
