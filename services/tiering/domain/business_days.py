"""The business date of a decision: today, or an earlier day whose paper is entered now."""

from __future__ import annotations

from datetime import date

from shared.errors import Invalid


class LaterThanToday(Invalid):
    """Nobody decides tomorrow's things."""

    code = "later-than-today"
    title_zh = "日期晚于今天"
    title_en = "Later than today"


def business_day(on: date | None, today: date) -> date:
    """`on`, or `today` where it is left out. Raises LaterThanToday."""
    if on is not None and on > today:
        raise LaterThanToday(
            f"日期 {on} 晚于今天 {today}", f"{on} is later than today, {today}", pointer="/on"
        )
    return on or today
