"""Periods of a report, and the same period of the year before (R-44, B-30)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shared.errors import Invalid

_DECEMBER = 12
_HUNDREDTH = Decimal("0.01")


class EmptyPeriod(Invalid):
    """The period ends before it begins."""

    code = "empty-period"
    rule = "B-30"
    title_zh = "期间为空"
    title_en = "Empty period"


class PeriodTooLong(Invalid):
    """More than a year overlaps with the same days of the year before."""

    code = "period-too-long"
    rule = "B-30"
    title_zh = "期间过长"
    title_en = "Period too long"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `from_on` to `until_on`, both included. Raises EmptyPeriod."""

    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise EmptyPeriod(
                f"{self.until_on} 早于 {self.from_on}",
                f"{self.until_on} lies before {self.from_on}",
                pointer="/until_on",
            )

    def year_before(self) -> Period:
        """The same days of the year before; a month that ends with the period ends there too.

        29 February is compared with 28 February, and what ends with a February ends with the whole
        of the other one. Raises PeriodTooLong when both would have days in common, and EmptyPeriod
        when there was no year before.
        """
        if self.from_on.year == date.min.year:
            raise EmptyPeriod("没有上一年", "there is no year before", pointer="/from_on")
        first = _a_year_earlier(self.from_on)
        last = _a_year_earlier(self.until_on)
        if self.until_on.day == _days(self.until_on):
            last = last.replace(day=_days(last))
        if last >= self.from_on:
            raise PeriodTooLong(
                f"{self.from_on} 至 {self.until_on} 超过一年，无法与上年同期比较",
                f"{self.from_on} to {self.until_on} is more than a year: nothing to compare with",
                pointer="/until_on",
            )
        return Period(first, last)


def months(first: str, last: str) -> Period:
    """The months from `first` to `last` (YYYY-MM), both included. Raises EmptyPeriod."""
    if last < first:
        raise EmptyPeriod(
            f"{last} 早于 {first}", f"{last} lies before {first}", pointer="/until_month"
        )
    from_on, last_month = (date.fromisoformat(f"{month}-01") for month in (first, last))
    return Period(from_on, last_month.replace(day=_days(last_month)))


def month_before(day: date) -> str:
    """The calendar month (YYYY-MM) before the one of `day`."""
    if day.month > 1:
        return f"{day.year:04d}-{day.month - 1:02d}"
    return f"{day.year - 1:04d}-{_DECEMBER:02d}"


def growth(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many per cent `now` exceeds `before`, to the hundredth; None without a before."""
    if before <= 0:
        return None
    return ((now - before) * 100 / before).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _a_year_earlier(day: date) -> date:
    earlier = day.replace(year=day.year - 1, day=1)
    return earlier.replace(day=min(day.day, _days(earlier)))


def _days(day: date) -> int:
    return monthrange(day.year, day.month)[1]
