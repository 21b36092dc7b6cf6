"""Receivables, and the payments that are set against them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import CustomerFact, MoneyAmount, Part, SourceRef
from shared.contracts.values import Code, Day, Label, Word


class ReceivableState(StrEnum):
    """Where a receivable stands; a cancelled charge has nothing left to pay."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


class InstalmentBalance(Part):
    """What one instalment still owes."""

    number: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    due_on: Day
    """Last day in time."""
    amount: MoneyAmount
    """As billed, less what was cancelled."""
    balance: MoneyAmount
    """Still to pay, without late fees."""


class ReceivableChanged(CustomerFact):
    """A receivable as it is now. Entity: `receivable`."""

    subject: ClassVar[str] = "dakehu.billing.receivable_changed.v1"
    receivable_id: UUID
    """The receivable."""
    source: SourceRef | None = None
    """The charge; absent for what billing itself charged."""
    business_line: Label
    """Product or business line at the site."""
    tariff_class: Word
    """Which late-fee rates apply: `household`, `other` …"""
    unit: Code | None = None
    """The unit whose receivable it is."""
    issued_on: Day
    """The day of the bill."""
    state: ReceivableState
    """Where it stands."""
    amount: MoneyAmount
    """Gross, less what was cancelled."""
    balance: MoneyAmount
    """Still to pay, late fees included."""
    late_fees: MoneyAmount
    """Late fees posted and not waived."""
    instalments: Annotated[tuple[InstalmentBalance, ...], Field(min_length=1)]
    """Its parts, in order of their numbers."""
    settled_on: Day | None = None
    """The day the last money for it was received."""
    written_off: MoneyAmount | None = None
    """What of it was given up and not recovered; absent: nothing."""
    redirected_to: UUID | None = None
    """Who pays it, where the customer that it names has become part of another (R-81)."""
    disputed_by: UUID | None = None
    """The complaint that disputes it; it is not dunned meanwhile."""


class Allocation(Part):
    """What of a payment went to one instalment of a receivable."""

    receivable_id: UUID
    """The receivable."""
    instalment: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    amount: MoneyAmount
    """How much of the payment."""
    is_late_fee: bool = False
    """Paid the late fee, not the principal."""


class _Payment(CustomerFact):
    payment_id: UUID
    """The payment."""
    source: SourceRef
    """The payment fact."""
    received_on: Day
    """The day the money came in."""
    amount: MoneyAmount
    """As received; a returned payment is negative."""
    allocations: tuple[Allocation, ...]
    """All of them, as they are now."""
    unapplied: MoneyAmount
    """What no receivable has taken."""


class PaymentApplied(_Payment):
    """A payment was set against receivables. Entity: `payment`."""

    subject: ClassVar[str] = "dakehu.billing.payment_applied.v1"


class PaymentUnapplied(_Payment):
    """Some of a payment was taken off receivables again; what is left is shown."""

    subject: ClassVar[str] = "dakehu.billing.payment_unapplied.v1"
    reason: Word
    """`returned`, `refunded`, `charge-cancelled`, `re-allocated`, `pinned-elsewhere`, `unapplied`,
    `waived`."""
