"""The business day of a command: today, or an earlier one for yesterday's paper."""

from __future__ import annotations

from datetime import date

from shared.errors import Invalid


class DayInTheFuture(Invalid):
    """What has not happened yet cannot be booked."""

    code = "day-in-the-future"
    title_zh = "日期在未来"
    title_en = "Day in the future"


def business_day(on: date | None, today: date, pointer: str = "/on") -> date:
    """`on`, or `today` when it was left out; raises DayInTheFuture."""
    if on is not None and on > today:
        raise DayInTheFuture(
            f"{on} 晚于今天 {today}", f"{on} lies after today, {today}", pointer=pointer
        )
    return on or today
