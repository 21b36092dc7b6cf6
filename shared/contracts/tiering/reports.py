"""Monthly reports of units."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.contracts.envelope import MoneyAmount, Published
from shared.contracts.values import Code, Count, Day, Month, Word


class MonthSubmitted(Published):
    """A unit handed in its monthly statistics or report (T-22). Entity: `monthly-report`."""

    subject: ClassVar[str] = "dakehu.tiering.month_submitted.v1"
    report_id: UUID
    """The report."""
    unit: Code
    """Code of the unit."""
    kind: Word
    """`unit-statistics` or `city-report`."""
    month: Month
    """The month."""
    submitted_by: Code
    """Staff code."""
    submitted_on: Day
    """The day it was handed in."""
    due_on: Day
    """Last day in time."""
    is_late: bool
    """Handed in after `due_on`."""
    customers: Count
    """Key accounts counted."""
    revenue: MoneyAmount
    """Their revenue of the month, net of VAT."""
    cut_off: Day
    """Last day counted (C9)."""
