"""Archives."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import CustomerDecision
from shared.contracts.values import Code, Day


class ArchiveOverdue(CustomerDecision):
    """A customer's archive has not been brought up to date in time (R-67). Entity: `archive`."""

    subject: ClassVar[str] = "dakehu.registry.archive_overdue.v1"
    due_on: Day
    """By when it should have been updated."""
    last_updated_on: Day | None = None
    """When it last was; absent: never."""
    custodian: Code | None = None
    """Staff code of who keeps it (R-69)."""
