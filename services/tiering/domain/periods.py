"""Periods: which days a score counts, and the last day that it counts."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from services.tiering.domain.schemes.schemes import Window
from shared.errors import Invalid

_DAY = timedelta(days=1)
_YEAR = re.compile(r"[12]\d{3}")
_MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])")


class InvalidPeriod(Invalid):
    """The period or its cut-off does not fit the scheme."""

    code = "invalid-period"
    rule = "T-28"
    title_zh = "考核周期无效"
    title_en = "Invalid period"


@dataclass(frozen=True)
class Period:
    """The days from `from_on` (None: from the beginning) to `cut_off`, both counted.

    `name` is "2025" for a calendar year, which may be cut off before its end, and otherwise the
    month of the cut-off, "2025-06". `ends_on` is the last day of the whole period.
    """

    name: str
    from_on: date | None
    cut_off: date
    ends_on: date

    @property
    def is_over(self) -> bool:
        """Whether the whole period is counted."""
        return self.cut_off == self.ends_on


def period_of(window: Window, name: str | None, cut_off: date | None, today: date) -> Period:
    """The period that `name` and `cut_off` mean for a scheme with `window`.

    Either may be left out: a name alone is cut off at its end; a cut-off alone lies in its own
    year or month. Totals are kept by month, so a cut-off is the last day of a month. Raises
    InvalidPeriod, also for a cut-off later than `today`.
    """
    if name is None and cut_off is None:
        raise InvalidPeriod(
            "须说明周期或截止日", "say the period or the cut-off", pointer="/period"
        )
    first, last = _bounds(window, name) if name is not None else (None, None)
    cut_off = cut_off or last
    assert cut_off is not None
    _require_month_end(cut_off, today)
    if first and last and not first <= cut_off <= last:
        raise InvalidPeriod(
            f"截止日 {cut_off} 不在周期 {name} 之内",
            f"the cut-off {cut_off} does not lie in the period {name}",
            pointer="/cut_off",
        )
    return period_ending(window, cut_off)


def period_ending(window: Window, cut_off: date) -> Period:
    """The period of `window` that counts up to `cut_off`, the last day of a month."""
    month = f"{cut_off:%Y-%m}"
    if window.unit == "year":
        first, last = date(cut_off.year, 1, 1), date(cut_off.year, 12, 31)
        return Period(f"{cut_off:%Y}", first, cut_off, last)
    if window.unit == "lifetime":
        return Period(month, None, cut_off, cut_off)
    months_before = cut_off.year * 12 + cut_off.month - (window.months or 1)
    from_on = date(months_before // 12, months_before % 12 + 1, 1)
    return Period(month, from_on, cut_off, cut_off)


def period_before(window: Window, on: date) -> Period:
    """The last period that was over before the day `on`."""
    if window.unit == "year":
        return period_ending(window, date(on.year - 1, 12, 31))
    return period_ending(window, on.replace(day=1) - _DAY)


def is_first_day(window: Window, on: date) -> bool:
    """Whether a period of `window` can start on `on`, so that one version holds all through it."""
    return on.day == 1 and (window.unit != "year" or on.month == 1)


def month_end(on: date) -> date:
    """The last day of the month of `on`."""
    return on.replace(day=monthrange(on.year, on.month)[1])


def _bounds(window: Window, name: str) -> tuple[date, date]:
    if window.unit == "year":
        if _YEAR.fullmatch(name):
            return date(int(name), 1, 1), date(int(name), 12, 31)
        raise InvalidPeriod(
            f"周期 {name} 应为年份，例如 2025",
            f"the period {name} should be a year such as 2025",
            pointer="/period",
        )
    match = _MONTH.fullmatch(name)
    if match is None:
        raise InvalidPeriod(
            f"周期 {name} 应为月份，例如 2025-06",
            f"the period {name} should be a month such as 2025-06",
            pointer="/period",
        )
    first = date(int(match[1]), int(match[2]), 1)
    return first, month_end(first)


def _require_month_end(cut_off: date, today: date) -> None:
    if cut_off != month_end(cut_off):
        raise InvalidPeriod(
            f"截止日 {cut_off} 不是月末；收入按月累计",
            f"the cut-off {cut_off} is not the end of a month; revenue is totalled by month",
            pointer="/cut_off",
        )
    if cut_off > today:
        raise InvalidPeriod(
            f"截止日 {cut_off} 晚于今天 {today}",
            f"the cut-off {cut_off} is later than today, {today}",
            pointer="/cut_off",
        )
