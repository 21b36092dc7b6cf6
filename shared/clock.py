"""The only place that reads the wall clock. Rules never do: time comes to them as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where processes take the time from."""

    def now(self) -> datetime:
        """The present instant, with an offset."""
        ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def business_date(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day that `instant` (aware) falls on at the site."""
    return instant.astimezone(zone).date()
