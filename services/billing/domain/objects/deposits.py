"""Deposits (定金): one live chain per object, small upgraded to large (B-01 to B-04, B-08, B-11).

A chain is a small deposit, a large one, or a small one that a large one took the place of. Its last
deposit reserves the object and holds the money of the whole chain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid

from ..books.accounts import Account
from ..books.journal import Line, moved
from .deposit_limits import check_large, check_small
from .deposit_refusals import AlreadyLarge, DepositNotLive
from .deposit_terms import DepositTerms


class Kind(StrEnum):
    """Small or large (B-01, B-02)."""

    SMALL = "small"
    LARGE = "large"


class State(StrEnum):
    """Where a deposit stands."""

    TAKEN = "taken"
    UPGRADED = "upgraded"
    APPLIED = "applied"
    REFUNDED = "refunded"
    FORFEITED = "forfeited"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Deposit:
    """One deposit of a chain; amounts in yuan. `taken` is the only live state.

    `valid_until_on` is its last day (C12: the day after receipt is day 1); the contract is due on
    `contract_due_on`. `chain_amount` is what the whole chain holds.
    """

    deposit_id: UUID
    chain_id: UUID
    customer_key: UUID
    object_code: str
    kind: Kind
    state: State
    amount: Decimal
    chain_amount: Decimal
    price: Decimal
    taken_on: date
    valid_until_on: date
    contract_due_on: date
    policy_version: int
    version: int = 1
    upgraded_to: UUID | None = None
    agreement_id: UUID | None = None
    settled_on: date | None = None
    settled_amount: Decimal | None = None


def take(
    deposit_id: UUID,
    customer_key: UUID,
    object_code: str,
    kind: Kind,
    amount: Decimal,
    price: Decimal,
    on: date,
    terms: DepositTerms,
    policy_version: int,
) -> Deposit:
    """A first deposit of `amount` (yuan) on an object. Raises DepositTooSmall and the like."""
    if kind is Kind.LARGE:
        check_large(amount, price, terms, policy_version)
    else:
        check_small(amount, price, terms, policy_version)
    return Deposit(
        deposit_id=deposit_id,
        chain_id=deposit_id,
        customer_key=customer_key,
        object_code=object_code,
        kind=kind,
        state=State.TAKEN,
        amount=amount,
        chain_amount=amount,
        price=price,
        taken_on=on,
        valid_until_on=on + timedelta(days=terms.hold_days(kind)),
        contract_due_on=on + timedelta(days=terms.contract_days),
        policy_version=policy_version,
    )


def upgrade(
    small: Deposit,
    large_id: UUID,
    amount: Decimal,
    on: date,
    terms: DepositTerms,
    policy_version: int,
) -> tuple[Deposit, Deposit]:
    """Top `small` up with `amount` (yuan) to a large deposit: (small as it is now, large).

    The limits hold for the sum of both; the clock starts again, once (B-11, C10, C11).
    """
    if small.kind is Kind.LARGE:
        raise AlreadyLarge(
            f"{small.object_code} 的定金已是大定金",
            f"the deposit on {small.object_code} is a large one already",
        )
    require_live(small, on)
    held = small.chain_amount + amount
    check_large(held, small.price, terms, policy_version)
    large = replace(
        small,
        deposit_id=large_id,
        kind=Kind.LARGE,
        amount=amount,
        chain_amount=held,
        taken_on=on,
        valid_until_on=on + timedelta(days=terms.hold_days(Kind.LARGE)),
        contract_due_on=on + timedelta(days=terms.contract_days),
        policy_version=policy_version,
        version=1,
    )
    upgraded = replace(small, state=State.UPGRADED, upgraded_to=large_id, version=small.version + 1)
    return upgraded, large


def apply(deposit: Deposit, agreement_id: UUID, on: date) -> tuple[Deposit, tuple[Line, ...]]:
    """Set the chain's money against the agreement's first instalment (B-08)."""
    require_live(deposit, on)
    applied = _settled(deposit, State.APPLIED, on, deposit.chain_amount)
    lines = moved(
        deposit.chain_amount,
        Account.DEPOSITS_HELD,
        Account.UNAPPLIED_CASH,
        on,
        deposit.customer_key,
    )
    return replace(applied, agreement_id=agreement_id), lines


def refund(deposit: Deposit, on: date, *, double: bool) -> tuple[Deposit, tuple[Line, ...]]:
    """Pay the chain's money back; `double` when it was we who broke our word (B-11)."""
    _require_held(deposit, on)
    held = deposit.chain_amount
    lines = moved(held, Account.DEPOSITS_HELD, Account.BANK, on, deposit.customer_key)
    if double:
        lines += moved(held, Account.DEPOSIT_PENALTIES, Account.BANK, on, deposit.customer_key)
    return _settled(deposit, State.REFUNDED, on, held * 2 if double else held), lines


def forfeit(deposit: Deposit, on: date) -> tuple[Deposit, tuple[Line, ...]]:
    """Keep the chain's money, since the customer broke its word (B-11)."""
    _require_held(deposit, on)
    held = deposit.chain_amount
    lines = moved(held, Account.DEPOSITS_HELD, Account.DEPOSITS_FORFEITED, on, deposit.customer_key)
    return _settled(deposit, State.FORFEITED, on, held), lines


def expire(deposit: Deposit, on: date) -> Deposit:
    """Release the object on the day after the last one (B-01, B-02, C12).

    The money stays held until somebody decides whether it goes back or is kept.
    """
    assert deposit.state is State.TAKEN and deposit.valid_until_on < on, "not due to expire"
    return replace(
        deposit,
        state=State.EXPIRED,
        settled_on=deposit.valid_until_on,
        version=deposit.version + 1,
    )


def received(deposit: Deposit) -> tuple[Line, ...]:
    """Dr bank, Cr deposits held: what came in with this deposit of the chain."""
    return moved(
        deposit.amount,
        Account.BANK,
        Account.DEPOSITS_HELD,
        deposit.taken_on,
        deposit.customer_key,
    )


def require_live(deposit: Deposit, on: date) -> None:
    """Raise DepositNotLive unless `deposit` reserves its object on the day `on`."""
    if deposit.state is not State.TAKEN or on > deposit.valid_until_on:
        state = State.EXPIRED if deposit.state is State.TAKEN else deposit.state
        raise DepositNotLive(
            f"{deposit.object_code} 的定金状态为 {state}，有效期至 {deposit.valid_until_on}",
            f"the deposit on {deposit.object_code} is {state}; it held until"
            f" {deposit.valid_until_on}",
            state=state,
            valid_until_on=deposit.valid_until_on.isoformat(),
        )
    _check_order(deposit, on)


def _require_held(deposit: Deposit, on: date) -> None:
    """Money can be paid back or kept while it is held: from a live deposit or an expired one."""
    if deposit.state is not State.EXPIRED and deposit.state is not State.TAKEN:
        require_live(deposit, on)
    _check_order(deposit, on)


def _check_order(deposit: Deposit, on: date) -> None:
    if on < deposit.taken_on:
        raise Invalid(
            f"日期早于收取定金之日 {deposit.taken_on}",
            f"the day lies before the deposit was taken on {deposit.taken_on}",
            pointer="/on",
        )


def _settled(deposit: Deposit, state: State, on: date, amount: Decimal) -> Deposit:
    return replace(
        deposit, state=state, settled_on=on, settled_amount=amount, version=deposit.version + 1
    )
