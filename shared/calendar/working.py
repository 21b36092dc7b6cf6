"""The working calendar as a value: pure, so that a deadline is a function of its inputs (X-09).

A year whose holidays nobody has announced is counted by plain weekdays, and every deadline that
touches such a year says that it is provisional.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5
_FURTHEST_DAYS = 40_000


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one day that does not follow the week, or belongs to a holiday."""

    is_working: bool
    name: str
    """The holiday it belongs to, or that a make-up working day makes up for; may be empty."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that was counted to; provisional when a year on the way is not announced yet."""

    on: date
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that was counted to; provisional when a year on the way is not announced yet."""

    at: datetime
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a working day counts, as spans of local time in order: ((08:30, 12:00), (14:00, 17:30)).

    A span ends after it begins and does not cross midnight; `time.max` stands for 24:00.
    """

    zone: ZoneInfo
    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        ends = [moment for span in self.spans for moment in span]
        if not self.spans or ends != sorted(set(ends)):
            raise ValueError("opening hours are spans in order that do not touch")

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The spans of `day` as instants."""
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in self.spans]

    def _at(self, day: date, moment: time) -> datetime:
        if moment == time.max:
            return datetime.combine(day + _DAY, time.min, self.zone)
        return datetime.combine(day, moment, self.zone)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: the week, changed by `days`; `years` are those announced in full."""

    days: Mapping[date, Day]
    years: Set[int]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked; in a year not announced, whether it is a weekday."""
        known = self.days.get(day)
        return day.weekday() < _SATURDAY if known is None else known.is_working

    def is_announced(self, day: date) -> bool:
        """Whether the holidays of the year of `day` are known, so that a breach may be decided."""
        return day.year in self.years

    def holiday_block(self, day: date) -> tuple[date, date] | None:
        """First and last day off of the public holiday around `day`, adjoining weekends included.

        None when `day` is worked or lies in an ordinary weekend.
        """
        if self.is_working(day):
            return None
        first, last = day, day
        while not self.is_working(first - _DAY):
            first -= _DAY
        while not self.is_working(last + _DAY):
            last += _DAY
        length = (last - first).days + 1
        named = (self.days.get(first + _DAY * offset) for offset in range(length))
        return (first, last) if any(day is not None for day in named) else None

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1).on

    def previous_working_day(self, day: date) -> date:
        """The last working day before `day`."""
        return self.add_working_days(day, -1).on

    def add_working_days(self, start: date, count: int) -> Deadline:
        """The `count`-th working day after `start`, which itself is not counted; before, if < 0.

        Nought gives `start` if it is worked, else the next working day. The deadline ends with
        that day, at 24:00 local time.
        """
        step = -_DAY if count < 0 else _DAY
        day, left = start, abs(count)
        is_announced = self.is_announced(start)
        if count == 0 and not self.is_working(start):
            left = 1
        while left:
            day += step
            if abs((day - start).days) > _FURTHEST_DAYS:
                raise ValueError(f"{count} working days from {start} are too far away")
            is_announced = is_announced and self.is_announced(day)
            left -= self.is_working(day)
        return Deadline(day, not is_announced)

    def add_working_hours(self, start: datetime, length: timedelta, hours: OpeningHours) -> Moment:
        """The instant at which `length` of opening hours has passed since `start` (aware).

        A start outside opening hours counts from the next opening. The answer is in the site's
        zone. Raises ValueError for a negative length.
        """
        if length < timedelta(0):
            raise ValueError("a length of working hours is not negative")
        day = start.astimezone(hours.zone).date()
        is_announced, left = True, length
        for _ in range(_FURTHEST_DAYS):
            is_announced = is_announced and self.is_announced(day)
            for opens, closes in hours.on(day) if self.is_working(day) else ():
                begins = max(opens, start)
                if begins < closes and left <= closes - begins:
                    at = begins.astimezone(hours.zone) + left
                    return Moment(at, not is_announced)
                left -= max(closes - begins, timedelta(0))
            day += _DAY
        raise ValueError(f"{length} of working hours from {start} are too far away")

    def working_days(self, first: date, last: date) -> int:
        """How many days from `first` to `last`, both included, are worked."""
        length = (last - first).days + 1
        return sum(self.is_working(first + _DAY * offset) for offset in range(max(length, 0)))
