"""Late fees and dunning."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import CustomerDecision, MoneyAmount, Part
from shared.contracts.values import Count, Day, Exact, Word


class LateFeePart(Part):
    """Days of one rate (B-15)."""

    from_on: Day
    """First day."""
    until_on: Day
    """Last day."""
    days: Count
    """Number of days, both ends counted."""
    principal: MoneyAmount
    """What was overdue on those days."""
    daily_rate: Exact
    """Fraction of the principal a day: "0.002"."""
    amount: Exact
    """In yuan, not rounded."""


class LateFeePosted(CustomerDecision):
    """The late fee of an instalment so far; a newer version replaces it. Entity: `late-fee`."""

    subject: ClassVar[str] = "dakehu.billing.late_fee_posted.v1"
    late_fee_id: UUID
    """The late fee."""
    receivable_id: UUID
    """The receivable."""
    instalment: Annotated[int, Field(ge=1)]
    """Number of the instalment, from 1."""
    parts: tuple[LateFeePart, ...]
    """The days and rates that make it up; empty when it was withdrawn."""
    amount: MoneyAmount
    """The whole fee as it stands, rounded once; zero when it was waived or withdrawn."""
    is_minimum: bool = False
    """The plan's minimum was charged."""
    waived: MoneyAmount | None = None
    """What the plan asks for beyond `amount`, and an approved waiver took back."""
    because: Word | None = None
    """What changed it: `accrued`, `settled`, `recomputed` after a late fact, `waived`,
    `waiver-withdrawn`. Only the last two are about waivers."""
    booked_on: Day | None = None
    """Day in the books of what this version changed, where some of it is of a closed month."""


class _Dunning(CustomerDecision):
    dunning_id: UUID
    """The dunning step."""
    receivables: Annotated[tuple[UUID, ...], Field(min_length=1)]
    """The receivables it is about."""
    level: Annotated[int, Field(ge=1)]
    """How far dunning has come, from 1."""
    step: Word
    """`reminder`, `second-reminder`, `final-notice`, `disconnection` (B-13, B-24)."""
    overdue: MoneyAmount
    """What was overdue when it was decided."""
    oldest_due_on: Day
    """Due date of the oldest of them."""


class DunningRaised(_Dunning):
    """A dunning step was taken. Entity: `dunning`."""

    subject: ClassVar[str] = "dakehu.billing.dunning_raised.v1"


class DunningWithdrawn(_Dunning):
    """A dunning step was taken back."""

    subject: ClassVar[str] = "dakehu.billing.dunning_withdrawn.v1"
    reason: Word
    """`paid-before`, `charge-cancelled`, `disputed`, `written-off`."""
