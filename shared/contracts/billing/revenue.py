"""Revenue in the books, shared among units."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerFact, MoneyAmount, Part, SourceRef
from shared.contracts.values import Code, Day, Label, Version, Word


class ShareKind(StrEnum):
    """Whether revenue keeps the base or goes beyond it (R-44)."""

    BASE = "base"
    INCREMENT = "increment"


class RevenueShare(Part):
    """What one unit gets of a posting."""

    unit: Code
    """Code of the unit."""
    amount: MoneyAmount
    """Net of VAT."""
    kind: ShareKind
    """Base or increment."""


class SplitRef(Part):
    """The split that shared a posting."""

    split_id: UUID
    """The split."""
    version: Version
    """The version that was applied."""


class Restatement(Part):
    """Why a posting says something else than its version before."""

    version: Version
    """The version before."""
    reason: Word
    """`ruling`, `split-changed`, `base-recomputed`, `reversals-reordered`, `merged`."""
    ruling_id: UUID | None = None
    """The ruling that decided, if one did."""


class RevenuePosted(CustomerFact):
    """Revenue in the books, shared among units. Entity: `posting`, an upsert by its id.

    A consumer replaces what it holds under `posting_id` and adds the difference to its totals.
    """

    subject: ClassVar[str] = "dakehu.billing.revenue_posted.v1"
    posting_id: UUID
    """The posting; the same in every restatement."""
    source: SourceRef
    """The revenue fact that was posted."""
    occurred_on: Day
    """The day it belongs to."""
    booked_on: Day | None = None
    """The day in the books of these shares, where the month of `occurred_on` was closed."""
    business_line: Label
    """Product or business line at the site."""
    signed_at_unit: Code | None = None
    """Where the agreement was signed (R-36)."""
    occurred_at_unit: Code | None = None
    """Where the business arose (R-37)."""
    amount: MoneyAmount
    """Net of VAT; a reversal is negative."""
    shares: tuple[RevenueShare, ...]
    """They sum exactly to the amount (R-45)."""
    rule: Word
    """The rule that decided the shares (C16)."""
    split: SplitRef | None = None
    """The split that was applied; absent when a rule without one decided."""
    reverses: UUID | None = None
    """The posting that this takes back, in part or in whole."""
    restates: Restatement | None = None
    """The version that this one corrects; absent for the first."""
