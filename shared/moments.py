"""When something happened: today or now, or earlier, for yesterday's paper; never later."""

from __future__ import annotations

from datetime import date, datetime

from shared.errors import Invalid


class InTheFuture(Invalid):
    """What has not happened yet cannot be recorded."""

    code = "in-the-future"
    title_zh = "时间在未来"
    title_en = "In the future"


def business_day(on: date | None, today: date, pointer: str = "/on") -> date:
    """`on`, or `today` when it was left out; raises InTheFuture."""
    if on is not None and on > today:
        raise InTheFuture(
            f"{on} 晚于今天 {today}", f"{on} lies after today, {today}", pointer=pointer
        )
    return on or today


def moment(at: datetime | None, now: datetime, pointer: str = "/at") -> datetime:
    """`at` (with an offset), or `now` when it was left out; raises InTheFuture."""
    if at is not None and at > now:
        raise InTheFuture(
            f"{at.isoformat()} 晚于现在 {now.isoformat()}",
            f"{at.isoformat()} is later than now, {now.isoformat()}",
            pointer=pointer,
        )
    return at or now
