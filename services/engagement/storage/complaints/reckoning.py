"""How a time limit becomes an instant: by the working calendar and the site's opening hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.engagement.domain.complaints.service_levels import (
    Due,
    Limit,
    LimitUnit,
    OpeningSpan,
    Reckon,
)
from shared.calendar import OpeningHours, WorkingCalendar

_DAY = timedelta(days=1)


def by(calendar: WorkingCalendar, spans: Sequence[OpeningSpan], zone: ZoneInfo) -> Reckon:
    """Counts limits by `calendar` in the opening hours `spans` (local time) of the site's `zone`.

    Working days: the day after the start is day 1, and the limit ends with the last day, at 24:00
    (C12). Hours run by the clock, whatever day it is (E-40).
    """
    hours = OpeningHours(zone, tuple((span.opens, span.closes) for span in spans))

    def reckon(start: datetime, limit: Limit) -> Due:
        match limit.unit:
            case LimitUnit.HOURS:
                return Due(start + timedelta(hours=limit.amount), is_provisional=False)
            case LimitUnit.WORKING_HOURS:
                length = timedelta(hours=limit.amount)
                moment = calendar.add_working_hours(start, length, hours)
                return Due(moment.at, moment.is_provisional)
            case LimitUnit.WORKING_DAYS:
                started_on = start.astimezone(zone).date()
                last = calendar.add_working_days(started_on, limit.amount)
                end = datetime.combine(last.on + _DAY, time.min, zone)
                return Due(end, last.is_provisional)

    return reckon
