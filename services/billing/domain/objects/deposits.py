"""Deposits (定金): one live chain per object, small upgraded to large (B-01 to B-04, B-11, B-12).

A chain is a small deposit, a large one, or a small one that a large one took the place of. Its last
deposit reserves the object and holds the money of the whole chain. How it ends is told in
`deposit_endings`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from shared.errors import Invalid

from ..books.accounts import Account
from ..books.journal import Line, moved
from .deposit_limits import check_large, check_small, excess
from .deposit_refusals import AlreadyLarge, DepositNotLive
from .deposit_terms import TermsInForce


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
    `contract_due_on` and was found missing on `contract_overdue_on` (B-03). `chain_amount` is what
    the whole chain holds, `excess_amount` what of it has no effect of a deposit (B-12).
    """

    deposit_id: UUID
    chain_id: UUID
    customer_key: UUID
    object_code: str
    kind: Kind
    state: State
    amount: Decimal
    chain_amount: Decimal
    excess_amount: Decimal
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
    contract_overdue_on: date | None = None
    preliminary_id: UUID | None = None

    @property
    def effective_amount(self) -> Decimal:
        """What of the chain (yuan) has the effect of a deposit (B-12)."""
        return self.chain_amount - self.excess_amount

    @property
    def held_since_on(self) -> date:
        """Since when its money is held: since the cancellation of the contract that had it."""
        is_free_again = self.state is State.EXPIRED and self.agreement_id is not None
        return self.settled_on if is_free_again and self.settled_on else self.taken_on

    def is_over(self, on: date) -> bool:
        """Whether it no longer reserves its object on the day `on`."""
        return self.state is not State.TAKEN or on > self.valid_until_on


def canonical(object_code: str) -> str:
    """The code of an object as it is kept: `ｂ1-2-301` is `B1-2-301`."""
    return " ".join(normalize("NFKC", object_code).upper().split())


def take(
    deposit_id: UUID,
    customer_key: UUID,
    object_code: str,
    kind: Kind,
    amount: Decimal,
    price: Decimal,
    on: date,
    terms: TermsInForce,
    preliminary_id: UUID | None = None,
) -> Deposit:
    """A first deposit of `amount` (yuan) on an object. Raises DepositTooSmall and the like."""
    check = check_large if kind is Kind.LARGE else check_small
    check(amount, price, terms.body, terms.version)
    return Deposit(
        deposit_id=deposit_id,
        chain_id=deposit_id,
        customer_key=customer_key,
        object_code=object_code,
        kind=kind,
        state=State.TAKEN,
        amount=amount,
        chain_amount=amount,
        excess_amount=excess(amount, price, terms.body),
        price=price,
        taken_on=on,
        valid_until_on=terms.valid_until_on(kind, on),
        contract_due_on=terms.contract_due_on(on),
        policy_version=terms.version,
        preliminary_id=preliminary_id,
    )


def upgrade(
    small: Deposit, large_id: UUID, amount: Decimal, on: date, terms: TermsInForce
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
    check_large(held, small.price, terms.body, terms.version)
    large = replace(
        small,
        deposit_id=large_id,
        kind=Kind.LARGE,
        amount=amount,
        chain_amount=held,
        excess_amount=excess(held, small.price, terms.body),
        taken_on=on,
        valid_until_on=terms.valid_until_on(Kind.LARGE, on),
        contract_due_on=terms.contract_due_on(on),
        policy_version=terms.version,
        version=1,
        contract_overdue_on=None,
    )
    upgraded = replace(small, state=State.UPGRADED, upgraded_to=large_id, version=small.version + 1)
    return upgraded, large


def reprice(deposit: Deposit, price: Decimal, on: date, terms: TermsInForce) -> Deposit:
    """The live deposit of an object that costs `price` (yuan) from the day `on`.

    What was taken rightly stays; what now lies beyond the law's share of the price has no effect
    of a deposit, and the deposit says so (B-12).
    """
    require_live(deposit, on)
    return replace(
        deposit,
        price=price,
        excess_amount=excess(deposit.chain_amount, price, terms.body),
        version=deposit.version + 1,
    )


def recount(deposit: Deposit, terms: TermsInForce) -> Deposit:
    """The deposit with its days counted anew, since the calendar has changed (C12)."""
    return replace(
        deposit,
        valid_until_on=terms.valid_until_on(deposit.kind, deposit.taken_on),
        contract_due_on=terms.contract_due_on(deposit.taken_on),
        version=deposit.version + 1,
    )


def received(deposit: Deposit) -> tuple[Line, ...]:
    """Dr bank, Cr deposits held: what came in with this deposit of the chain."""
    return moved(
        deposit.amount, Account.BANK, Account.DEPOSITS_HELD, deposit.taken_on, deposit.customer_key
    )


def require_live(deposit: Deposit, on: date) -> None:
    """Raise DepositNotLive unless `deposit` reserves its object on the day `on`."""
    if deposit.is_over(on):
        raise not_live(deposit)
    check_order(deposit, on)


def not_live(deposit: Deposit) -> DepositNotLive:
    """What is said of a deposit that is over."""
    state = State.EXPIRED if deposit.state is State.TAKEN else deposit.state
    return DepositNotLive(
        f"{deposit.object_code} 的定金状态为 {state}，有效期至 {deposit.valid_until_on}",
        f"the deposit on {deposit.object_code} is {state}; it held until {deposit.valid_until_on}",
        state=state,
        valid_until_on=deposit.valid_until_on.isoformat(),
    )


def check_order(deposit: Deposit, on: date) -> None:
    """Raise Invalid when the day `on` lies before the deposit was taken, or free again."""
    if on < deposit.held_since_on:
        raise Invalid(
            f"日期早于持有定金之日 {deposit.held_since_on}",
            f"the day lies before the deposit was held, since {deposit.held_since_on}",
            pointer="/on",
        )
