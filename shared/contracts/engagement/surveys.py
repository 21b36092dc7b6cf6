"""What customers think of us."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import CustomerFact
from shared.contracts.values import Day, Exact, Word


class SatisfactionMeasured(CustomerFact):
    """What a customer expected and what it received (E-45). Entity: `measurement`."""

    subject: ClassVar[str] = "dakehu.engagement.satisfaction_measured.v1"
    measurement_id: UUID
    """The measurement."""
    survey: Word
    """The survey or call-back that asked."""
    complaint_id: UUID | None = None
    """The case that was called back on (E-40)."""
    expected: Exact
    """In points of the scale."""
    received: Exact
    """In points of the scale."""
    scale_max: Exact
    """Most points that the scale gives."""
    measured_on: Day
    """The day of the answer."""
