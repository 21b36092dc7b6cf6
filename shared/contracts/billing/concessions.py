"""Discounts and compensations."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerDecision, CustomerFact, MoneyAmount
from shared.contracts.values import Code, Day, Exact, Label, Word


class DiscountDecided(CustomerDecision):
    """A discount was approved or refused (B-26, B-27). Entity: `discount`."""

    subject: ClassVar[str] = "dakehu.billing.discount_decided.v1"
    discount_id: UUID
    """The discount."""
    is_approved: bool
    """Approved, or refused."""
    business_line: Label | None = None
    """Absent: all lines."""
    rate: Exact
    """Fraction off the list price: "0.05"."""
    from_on: Day
    """First day."""
    until_on: Day | None = None
    """Last day; absent: until further notice."""
    applied_by_unit: Code
    """The unit that asked for it."""
    decided_by_unit: Code
    """The unit that decided."""
    scheme: Word | None = None
    """The tier scheme that governs discounts."""
    tier: Word | None = None
    """The tier that it was decided for."""


class CompensationPosted(CustomerFact):
    """An approved compensation is in the books. Entity: `compensation-posting`."""

    subject: ClassVar[str] = "dakehu.billing.compensation_posted.v1"
    compensation_id: UUID
    """The compensation that was approved."""
    complaint_id: UUID
    """The case."""
    amount: MoneyAmount
    """What the customer gets, positive."""
    receivable_id: UUID | None = None
    """The receivable that it was set off against; absent: credited to the customer."""
    posted_on: Day
    """Business date of the posting."""


class CompensationRefused(CustomerDecision):
    """Billing could not post a compensation. Entity: `compensation-posting`."""

    subject: ClassVar[str] = "dakehu.billing.compensation_refused.v1"
    compensation_id: UUID
    """The compensation that was approved."""
    complaint_id: UUID
    """The case."""
    amount: MoneyAmount
    """What was approved, positive."""
    reason: Word
    """Stable name of the reason, such as `exceeds-disputed-charge`."""
