"""The Chinese working calendar and the lunar festivals (X-09, E-09).

calendar = await working_calendar(work)
calendar.add_working_days(opened_on, 5)      -> Deadline(on, is_provisional)
"""

from __future__ import annotations

from shared.calendar.corrections import (
    CalendarFile,
    InvalidCalendar,
    Loaded,
    load,
    read_calendar,
    working_calendar,
)
from shared.calendar.festivals import Festival, festival_on, festivals_between
from shared.calendar.working import Day, Deadline, Moment, OpeningHours, WorkingCalendar

__all__ = [
    "CalendarFile",
    "Day",
    "Deadline",
    "Festival",
    "InvalidCalendar",
    "Loaded",
    "Moment",
    "OpeningHours",
    "WorkingCalendar",
    "festival_on",
    "festivals_between",
    "load",
    "read_calendar",
    "working_calendar",
]
