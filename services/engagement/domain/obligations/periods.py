"""The periods in which a duty recurs: of the calendar, or counted from the last contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_MONTHS_OF_QUARTER = 3


class Unit(StrEnum):
    """What a period is: a stretch of the calendar, or days since the last contact."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"


@dataclass(frozen=True)
class Period:
    """How often: once a `unit`; `days` says how many for a period that rolls (E-06, C13)."""

    unit: Unit
    days: int | None = None

    def __post_init__(self) -> None:
        has_days = self.days is not None and self.days >= 1
        if has_days != self.is_rolling or (self.days is not None and not has_days):
            raise ValueError(
                "只有滚动周期写天数，且至少一天 / "
                "a rolling period, and no other, has a number of days, at least one"
            )

    @property
    def is_rolling(self) -> bool:
        """Whether it is counted from the last contact rather than from the calendar."""
        return self.unit is Unit.DAYS


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of days, both included."""

    first_on: date
    last_on: date

    def contains(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.first_on <= day <= self.last_on


def start_of(unit: Unit, day: date) -> date:
    """The first day of the calendar period of `day`; a week begins on Monday."""
    match unit:
        case Unit.WEEK:
            return day - timedelta(days=day.weekday())
        case Unit.MONTH:
            return day.replace(day=1)
        case Unit.QUARTER:
            month = day.month - (day.month - 1) % _MONTHS_OF_QUARTER
            return day.replace(month=month, day=1)
        case Unit.YEAR:
            return day.replace(month=1, day=1)
        case Unit.DAYS:
            raise ValueError("a rolling period has no place in the calendar")


def start_after(unit: Unit, day: date) -> date:
    """The first day of the calendar period that follows the one of `day`."""
    start = start_of(unit, day)
    match unit:
        case Unit.WEEK:
            return start + timedelta(days=7)
        case Unit.MONTH:
            return start_of(Unit.MONTH, start + timedelta(days=31))
        case Unit.QUARTER:
            return start_of(Unit.MONTH, start + timedelta(days=31 * _MONTHS_OF_QUARTER))
        case _:
            return start.replace(year=start.year + 1)


def calendar_spans(unit: Unit, since: date, until: date) -> Iterator[Span]:
    """The calendar periods that begin between `since` and `until`, both included, in order."""
    start = start_of(unit, since)
    if start < since:
        start = start_after(unit, since)
    while start <= until:
        following = start_after(unit, start)
        yield Span(start, following - _DAY)
        start = following
