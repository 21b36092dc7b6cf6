"""Metered usage: readings of a period, and what takes them back."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shared.errors import Refusal

CREDIT = "credit"
"""The metric of credit scores, 0 to 100 points (T-01)."""
BILLING = "dakehu.billing"
"""The system of readings that billing assesses; no other system's code has a dot in it."""


class UsageReversal(Refusal):
    """A reversal that cannot be: of something else, of a reversal, or of more than there was."""

    code = "usage-reversal"
    title_zh = "用量冲销无效"
    title_en = "Invalid reversal of usage"


@dataclass(frozen=True)
class Usage:
    """One reading. `value` as reported; `net` less what was taken back since, 0 for a reversal."""

    system: str
    ref: str
    customer_key: UUID
    metric: str
    period: str
    value: Decimal
    net: Decimal
    reverses_ref: str | None
    reported_at: datetime


def days_of(period: str) -> tuple[date, date]:
    """First and last day of a year "2026", a quarter "2026-Q1" or a month "2026-03"."""
    year, _, part = period.partition("-")
    if not part:
        first, last = 1, 12
    elif part.startswith("Q"):
        last = int(part[1:]) * 3
        first = last - 2
    else:
        first = last = int(part)
    end = monthrange(int(year), last)[1]
    return date(int(year), first, 1), date(int(year), last, end)


def objection(original: Usage, reversal: Usage, reversed_type: str) -> UsageReversal | None:
    """Why `reversal` (a negative value) cannot take back from `original`, or None.

    `reversed_type` is the event type that the sender says it reverses.
    """
    if reversed_type != "usage_recorded":
        return UsageReversal(
            f"用量不能冲销 {reversed_type}",
            f"usage cannot reverse {reversed_type}",
            pointer="/data/reverses/type",
        )
    if original.reverses_ref is not None:
        return UsageReversal(
            f"{original.ref} 本身是冲销，不能再冲销",
            f"{original.ref} is a reversal itself and cannot be reversed",
            pointer="/data/reverses/ref",
        )
    same = (reversal.customer_key, reversal.metric, reversal.period)
    if same != (original.customer_key, original.metric, original.period):
        return UsageReversal(
            "冲销的客户、计量项和周期须与原用量相同",
            "a reversal has the customer, metric and period of what it reverses",
            pointer="/data/reverses/ref",
        )
    if reversal.value >= 0 or original.net + reversal.value < 0:
        return UsageReversal(
            f"冲销 {reversal.value} 须为负数且不超过余量 {original.net}",
            f"a reversal of {reversal.value} must be negative and within {original.net}",
            pointer="/data/value",
            left=str(original.net),
        )
    return None
