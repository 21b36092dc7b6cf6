"""Months that moved too much."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerDecision
from shared.contracts.values import Code, Day, Exact, Month, Word


class FluctuationKind(StrEnum):
    """How a month differs from the one before (T-20)."""

    RISE = "rise"
    FALL = "fall"
    FROM_ZERO = "from_zero"


class _Fluctuation(CustomerDecision):
    fluctuation_id: UUID
    """The fluctuation."""
    month: Month
    """The month."""
    metric: Word = "revenue"
    """What moved."""
    before: Exact
    """Value of the month before, in yuan for revenue."""
    after: Exact
    """Value of the month."""
    kind: FluctuationKind
    """How it moved."""
    change: Exact | None = None
    """Fraction of `before` ("-0.3001"); absent from zero."""
    due_on: Day
    """Last day for a written explanation."""


class FluctuationRaised(_Fluctuation):
    """A month moved so much that it must be explained (T-20). Entity: `fluctuation`."""

    subject: ClassVar[str] = "dakehu.tiering.fluctuation_raised.v1"


class FluctuationExplained(_Fluctuation):
    """Somebody explained a fluctuation in writing; the words stay in tiering (T-20)."""

    subject: ClassVar[str] = "dakehu.tiering.fluctuation_explained.v1"
    explained_by: Code
    """Staff code."""
    explained_on: Day
    """The day of the explanation."""


class FluctuationWithdrawn(_Fluctuation):
    """A late fact took the reason for a fluctuation away."""

    subject: ClassVar[str] = "dakehu.tiering.fluctuation_withdrawn.v1"
