"""The close of a month."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import Decision, MoneyAmount, Part
from shared.contracts.values import Code, Count, Label, Month


class UnitMonth(Part):
    """A unit's revenue of a month in one line."""

    unit: Code
    """Code of the unit."""
    business_line: Label
    """Product or business line at the site."""
    amount: MoneyAmount
    """Net of VAT."""
    increment: MoneyAmount | None = None
    """What of the amount goes beyond the base (R-44)."""


class MonthClosed(Decision):
    """The books of a month are closed; later facts of it are posted later. Entity: `month`.

    Its figures are those of what is in the books under a day of the month, which never changes.
    """

    subject: ClassVar[str] = "dakehu.billing.month_closed.v1"
    month: Month
    """The month."""
    closed_by: Code
    """Staff code."""
    postings: Count
    """Revenue postings of the month."""
    late_lines: Count = 0
    """Lines in the books of this month that belong to one that was closed before."""
    revenue: MoneyAmount
    """Revenue of the month, net of VAT."""
    units: tuple[UnitMonth, ...]
    """They sum to the revenue."""
    receivables: MoneyAmount
    """Balance of all receivables at the end of the month."""
    unapplied: MoneyAmount | None = None
    """Received and not applied at the end of the month."""
    deposits: MoneyAmount
    """Deposits held at the end of the month."""
