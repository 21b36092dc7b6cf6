"""Deposits on objects, and their purchase agreements."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerDecision, CustomerFact, MoneyAmount
from shared.contracts.values import Code, Day, Label


class DepositKind(StrEnum):
    """Small or large (B-01, B-02)."""

    SMALL = "small"
    LARGE = "large"


class DepositState(StrEnum):
    """Where a deposit stands (B-08, B-11)."""

    TAKEN = "taken"
    UPGRADED = "upgraded"
    APPLIED = "applied"
    REFUNDED = "refunded"
    FORFEITED = "forfeited"
    EXPIRED = "expired"


class DepositChanged(CustomerDecision):
    """A deposit on an object as it is now (B-01 to B-12). Entity: `deposit`."""

    subject: ClassVar[str] = "dakehu.billing.deposit_changed.v1"
    deposit_id: UUID
    """The deposit."""
    chain_id: UUID
    """The same from small to large."""
    object_code: Code
    """What is reserved: one object has one live deposit."""
    kind: DepositKind
    """Small or large."""
    state: DepositState
    """Where it stands."""
    amount: MoneyAmount
    """Of this deposit."""
    chain_amount: MoneyAmount
    """Of all deposits of the chain."""
    price: MoneyAmount
    """Total price of the object."""
    taken_on: Day
    """The day finance received it (B-04)."""
    valid_until_on: Day
    """Last day."""
    upgraded_to: UUID | None = None
    """The large deposit that took its place."""
    agreement_id: UUID | None = None
    """The purchase agreement that it was applied to."""
    settled_on: Day | None = None
    """When it was applied, refunded, forfeited or expired."""
    settled_amount: MoneyAmount | None = None
    """What was applied, paid back or kept; paid back double when we broke our word."""
    is_above_legal_limit: bool = False
    """A later price left the chain above the part that the law protects (B-12)."""
    excess_amount: MoneyAmount | None = None
    """What of the chain has no effect of a deposit: neither kept nor doubled (B-12)."""
    contract_due_on: Day | None = None
    """Last day for the contract (B-03)."""
    contract_overdue_on: Day | None = None
    """When the contract was found missing after its last day."""


class _Sale(CustomerFact):
    agreement_id: UUID
    """The purchase agreement."""
    object_code: Code
    """Building, unit and room, or whatever is sold one by one (B-07)."""
    price: MoneyAmount
    """Total price."""
    signed_on: Day
    """The day of the signature."""
    signed_at_unit: Code
    """The unit at the place of the signing body (R-36)."""
    signed_by_agent: bool = False
    """A representative signed with a notarised power of attorney (B-10)."""


class SaleContractSigned(_Sale):
    """The purchase of an object was signed. Entity: `agreement`."""

    subject: ClassVar[str] = "dakehu.billing.sale_contract_signed.v1"


class SaleRegistered(_Sale):
    """The purchase of an object was registered, and only now is final (B-09)."""

    subject: ClassVar[str] = "dakehu.billing.sale_registered.v1"
    registered_on: Day
    """The day of the registration."""
    registration_number: Label | None = None
    """The number that the authority gave it."""
    registered_by: Code | None = None
    """Staff code of who recorded it."""


class SaleCancelled(_Sale):
    """A signed purchase was undone before it was registered (B-09). Entity: `agreement`."""

    subject: ClassVar[str] = "dakehu.billing.sale_cancelled.v1"
    cancelled_on: Day
    """The day from which it is undone."""
    cancelled_by: Code
    """Staff code of who decided it."""
