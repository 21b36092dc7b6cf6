"""What becomes of a deposit and of its money."""

from __future__ import annotations

from datetime import timedelta
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
from services.billing.domain.objects.deposit_refusals import DepositNotLive
from services.billing.domain.objects.deposits import Kind, State, received, reprice, upgrade
from shared.errors import Invalid
from tests.services.billing.domain.objects.taking import AGREEMENT, DAY, IN_FORCE, taken, upgraded


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
