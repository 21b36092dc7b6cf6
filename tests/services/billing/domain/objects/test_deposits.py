"""Deposits: limits on the sum of the chain, clocks, and what becomes of the money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.books.accounts import Account
from services.billing.domain.objects.deposit_endings import (
    apply,
    expire,
    forfeit,
    give_free,
    miss_contract,
    refund,
)
from services.billing.domain.objects.deposit_limits import most_for
from services.billing.domain.objects.deposit_refusals import (
    AlreadyLarge,
    DepositNotLive,
    DepositTooLarge,
    DepositTooSmall,
    NoLargeDepositPossible,
)
from services.billing.domain.objects.deposit_terms import (
    DepositTerms,
    LargeDepositTerms,
    SmallDepositTerms,
    TermsInForce,
)
from services.billing.domain.objects.deposits import (
    Deposit,
    Kind,
    State,
    received,
    reprice,
    take,
    upgrade,
)
from shared.errors import Invalid, Refusal

TERMS = DepositTerms(
    small=SmallDepositTerms(Decimal(300), Decimal(10_000), 3),
    large=LargeDepositTerms(Decimal(10_000), 10),
    share_of_price=Decimal("0.20"),
    contract_days=10,
    collecting_roles=("finance",),
)
IN_FORCE = TermsInForce(TERMS, 1, lambda day, days: day + timedelta(days=days))
CUSTOMER = UUID(int=1)
AGREEMENT = UUID(int=9)
DAY = date(2026, 3, 1)


def taken(
    kind: Kind = Kind.SMALL, amount: str = "500", price: str = "800000", on: date = DAY
) -> Deposit:
    return take(
        UUID(int=7), CUSTOMER, "B1-2-301", kind, Decimal(amount), Decimal(price), on, IN_FORCE
    )


def upgraded(small: Deposit, amount: str, on: date = DAY + timedelta(days=2)) -> Deposit:
    return upgrade(small, UUID(int=8), Decimal(amount), on, IN_FORCE)[1]


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


def test_the_money_of_the_whole_chain_is_applied_b_08() -> None:
    large = upgraded(taken(), "20000")
    applied, (line,) = apply(large, AGREEMENT, large.price, DAY + timedelta(days=5), IN_FORCE)
    assert (applied.state, applied.settled_amount) == (State.APPLIED, Decimal(20_500))
    assert (line.debit, line.credit) == (Account.DEPOSITS_HELD, Account.UNAPPLIED_CASH)
    assert line.amount == 20_500


def test_an_expired_deposit_is_not_applied_but_paid_back_or_kept_b_11() -> None:
    expired = expire(taken(), DAY + timedelta(days=4))
    on = DAY + timedelta(days=5)
    with pytest.raises(DepositNotLive):
        apply(expired, AGREEMENT, expired.price, on, IN_FORCE)
    assert refund(expired, on, double=False)[0].state is State.REFUNDED
    forfeited, (line,) = forfeit(expired, on)
    assert (forfeited.state, line.credit) == (State.FORFEITED, Account.DEPOSITS_FORFEITED)


def test_who_breaks_his_word_as_seller_pays_back_double_b_11() -> None:
    refunded, lines = refund(taken(), DAY, double=True)
    assert refunded.settled_amount == 1000
    assert {line.debit for line in lines} == {Account.DEPOSITS_HELD, Account.DEPOSIT_PENALTIES}
    assert sum(line.amount for line in lines) == 1000


def test_what_is_over_stays_over() -> None:
    refunded, _ = refund(taken(), DAY, double=False)
    with pytest.raises(DepositNotLive):
        refund(refunded, DAY, double=False)
    with pytest.raises(DepositNotLive):
        forfeit(refunded, DAY)


def test_nothing_happens_to_a_deposit_before_it_was_taken() -> None:
    with pytest.raises(Invalid):
        refund(taken(), DAY - timedelta(days=1), double=False)


def test_what_held_on_the_day_of_the_contract_is_applied_whenever_we_hear_of_it_b_03() -> None:
    expired = expire(taken(), DAY + timedelta(days=4))
    signed_on = DAY + timedelta(days=3)
    applied, (line,) = apply(expired, AGREEMENT, expired.price, signed_on, IN_FORCE)
    assert (applied.state, applied.settled_on, line.event_on) == (
        *(State.APPLIED, signed_on, signed_on),
    )


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


def test_only_what_has_effect_is_kept_and_the_rest_goes_back_b_12() -> None:
    cut = reprice(taken(Kind.LARGE, "100000", "500000"), Decimal("400000"), DAY, IN_FORCE)
    forfeited, lines = forfeit(cut, DAY)
    assert forfeited.settled_amount == 80_000
    assert {line.credit: line.amount for line in lines} == {
        Account.DEPOSITS_FORFEITED: 80_000,
        Account.BANK: 20_000,
    }
    assert {line.debit for line in lines} == {Account.DEPOSITS_HELD}


def test_only_what_has_effect_is_doubled_b_12() -> None:
    cut = reprice(taken(Kind.LARGE, "100000", "500000"), Decimal("400000"), DAY, IN_FORCE)
    refunded, lines = refund(cut, DAY, double=True)
    assert refunded.settled_amount == 180_000
    assert {line.debit: line.amount for line in lines} == {
        Account.DEPOSITS_HELD: 100_000,
        Account.DEPOSIT_PENALTIES: 80_000,
    }


def test_a_contract_for_less_than_was_reserved_counts_its_own_price_b_12() -> None:
    large = taken(Kind.LARGE, "100000", "500000")
    applied, _ = apply(large, AGREEMENT, Decimal(400_000), DAY, IN_FORCE)
    assert (applied.price, applied.effective_amount) == (Decimal(400_000), Decimal(80_000))
    freed, (line,) = give_free(applied, DAY + timedelta(days=1))
    assert (line.debit, line.credit) == (Account.UNAPPLIED_CASH, Account.DEPOSITS_HELD)
    assert (freed.state, freed.settled_amount) == (State.EXPIRED, None)
    assert forfeit(freed, DAY + timedelta(days=2))[0].settled_amount == 80_000


def test_a_contract_is_late_on_the_day_after_its_last_b_03() -> None:
    deposit = taken()
    with pytest.raises(AssertionError):
        miss_contract(deposit, DAY + timedelta(days=10))
    late = miss_contract(deposit, DAY + timedelta(days=11))
    assert late.contract_overdue_on == DAY + timedelta(days=11)


@given(
    small=st.integers(300_00, 9_999_99).map(lambda cents: Decimal(cents) / 100),
    top=st.one_of(st.none(), st.integers(10_000_00, 150_000_00).map(lambda c: Decimal(c) / 100)),
    price=st.one_of(st.none(), st.integers(100, 900_000).map(Decimal)),
    ending=st.sampled_from(["apply", "refund", "double", "forfeit", "cancel-and-forfeit"]),
)
def test_whatever_becomes_of_a_chain_no_cent_is_lost_b_11_b_12(
    small: Decimal, top: Decimal | None, price: Decimal | None, ending: str
) -> None:
    deposit = taken(amount=str(small))
    lines = list(received(deposit))
    if top is not None:
        _, deposit = upgrade(deposit, UUID(int=8), top, DAY, IN_FORCE)
        lines += received(deposit)
    if price is not None:
        deposit = reprice(deposit, price, DAY, IN_FORCE)
    assert 0 <= deposit.excess_amount <= deposit.chain_amount == small + (top or 0)
    if ending in ("apply", "cancel-and-forfeit"):
        deposit, posted = apply(deposit, AGREEMENT, deposit.price, DAY, IN_FORCE)
        lines += posted
    if ending == "cancel-and-forfeit":
        deposit, posted = give_free(deposit, DAY)
        lines += posted
    if ending in ("refund", "double"):
        deposit, posted = refund(deposit, DAY, double=ending == "double")
        lines += posted
    if ending.endswith("forfeit"):
        deposit, posted = forfeit(deposit, DAY)
        lines += posted
    balance = {account: Decimal(0) for account in Account}
    for line in lines:
        balance[line.debit] += line.amount
        balance[line.credit] -= line.amount
    assert balance[Account.DEPOSITS_HELD] == 0, "nothing is held any more"
    ours = {
        "apply": (Account.UNAPPLIED_CASH, deposit.chain_amount),
        "refund": (Account.UNAPPLIED_CASH, Decimal(0)),
        "double": (Account.DEPOSIT_PENALTIES, -deposit.effective_amount),
        "forfeit": (Account.DEPOSITS_FORFEITED, deposit.effective_amount),
        "cancel-and-forfeit": (Account.DEPOSITS_FORFEITED, deposit.effective_amount),
    }
    account, amount = ours[ending]
    assert -balance[account] == amount == balance[Account.BANK]


def test_what_came_in_is_a_liability() -> None:
    (line,) = received(taken())
    assert (line.debit, line.credit) == (Account.BANK, Account.DEPOSITS_HELD)
    assert line.amount == 500
