"""Hand-overs of a leaver's customers."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import Part, Published
from shared.contracts.values import Code, Count, Day, Version, Word


class ManagerPair(Part):
    """The managers of a customer at one moment."""

    a_staff_code: Code | None = None
    """Staff code of A; absent: nobody."""
    b_staff_code: Code | None = None
    """Staff code of B; absent: nobody."""


class Succession(Part):
    """Who takes over a customer from the leaver."""

    customer_key: UUID
    """The customer."""
    successor: Code
    """Staff code."""
    before: ManagerPair | None = None
    """The managers before the hand-over; absent: not told."""
    after: ManagerPair | None = None
    """The managers by the hand-over; absent: not told."""
    managers_version: Version | None = None
    """The version of `managers_assigned` that says so; absent: not told."""


class HandoverStarted(Published):
    """Somebody's customers go to successors (R-52, R-50). Entity: `handover`."""

    subject: ClassVar[str] = "dakehu.registry.handover_started.v1"
    handover_id: UUID
    """The hand-over."""
    from_staff_code: Code
    """Staff code of who hands over."""
    reason: Word
    """`departure`, `rotation`, `after-sales`, `reassignment`."""
    customers: tuple[Succession, ...]
    """Who takes over whom."""
    effective_on: Day
    """First day of the successors."""
    due_on: Day
    """By when engagement and billing should have answered."""


class HandoverAnswer(Part):
    """What a service answered to a hand-over."""

    service: Word
    """Who answered."""
    moved: Count
    """Things that changed hands."""
    exceptions: Count
    """Things that could not."""


class HandoverCompleted(Published):
    """Every service has answered a hand-over. Entity: `handover`."""

    subject: ClassVar[str] = "dakehu.registry.handover_completed.v1"
    handover_id: UUID
    """The hand-over."""
    from_staff_code: Code
    """Staff code of who hands over."""
    answers: tuple[HandoverAnswer, ...]
    """One for each service."""
    completed_on: Day
    """The day of the last answer."""
