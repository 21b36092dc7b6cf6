"""Revenue of customers and of units."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.envelope import CustomerReference, Enterprise, MoneyAmount, Reverses
from shared.contracts.values import Code, Day, Label, Year


class RevenueRecorded(Enterprise):
    """Revenue was earned, net of VAT. A reversal has a negative amount (and `reverses`)."""

    event_name: ClassVar[str] = "revenue_recorded"
    customer: CustomerReference
    """Whom it is about."""
    business_line: Label
    """Product or business line at the site."""
    amount: MoneyAmount
    """Net of VAT; counts as it stands, so what takes back is negative."""
    occurred_on: Day
    """The day the revenue belongs to."""
    signed_at_unit: Code | None = None
    """The unit where the agreement was signed (R-36)."""
    occurred_at_unit: Code | None = None
    """The unit where the business arose (R-37)."""
    reverses: Reverses | None = None
    """The revenue that this takes back, in part or in whole."""


class UnitRevenueReported(Enterprise):
    """A unit's whole revenue of a year: the denominator of shares (T-03)."""

    event_name: ClassVar[str] = "unit_revenue_reported"
    unit: Code
    """Code of the unit."""
    business_line: Label | None = None
    """Absent: all lines together."""
    year: Year
    """Calendar year."""
    amount: MoneyAmount
    """Revenue of the unit in that year, net of VAT."""
    reported_on: Day | None = None
    """The latest report of a unit, line and year holds; absent: the date of the message."""
