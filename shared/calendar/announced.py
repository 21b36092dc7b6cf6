"""What the State Council has announced, as far as the installed libraries know it.

Two independent libraries must agree: `holidays` and `chinesecalendar`. A year that one of them does
not hold in full is not announced, whatever the other makes of it: `holidays` answers for 2027 with
the statute's days alone, without the days that are shifted, and that is no calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from shared.calendar.working import Day

_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def announced_days() -> Mapping[date, Day]:
    """Every day of the announced years that is a public holiday or a make-up working day."""
    holidays, makeups = _chinese_calendar()
    days: dict[date, Day] = {}
    for year in announced_years():
        day = date(year, 1, 1)
        while day.year == year:
            if day in makeups:
                days[day] = Day(True, _CHINESE[makeups[day]])
            elif day in holidays:
                days[day] = Day(False, _CHINESE[holidays[day]])
            day += _DAY
    return MappingProxyType(days)


@cache
def announced_years() -> frozenset[int]:
    """The years that both libraries hold in full and agree on, day by day."""
    years = {day.year for day in _chinese_calendar()[0]}
    return frozenset(year for year in years if not disagreements(year))


@cache
def disagreements(year: int) -> tuple[date, ...]:
    """The days of `year` that the libraries see differently; all of them if one lacks the year."""
    from holidays import country_holidays

    holidays, makeups = _chinese_calendar()
    china = country_holidays("CN", years=[year])
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = [date(year, 1, 1) + _DAY * offset for offset in range(length)]
    # Every announcement so far shifted days; a year without a shifted day is the bare statute.
    is_held_by_both = any(day.year == year for day in china.weekend_workdays) and any(
        day.year == year for day in makeups
    )
    if not is_held_by_both:
        return tuple(days)
    return tuple(
        day
        for day in days
        if china.is_working_day(day)
        != (day in makeups or (day.weekday() < _SATURDAY and day not in holidays))
    )


def _chinese_calendar() -> tuple[Mapping[date, str], Mapping[date, str]]:
    """Days off and make-up working days by `chinesecalendar`, each with its English name."""
    # Loaded on first use: the libraries take time and memory that most commands do not need.
    from chinese_calendar import constants  # type: ignore[import-untyped]  # it has no types

    return constants.holidays, constants.workdays


_CHINESE = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
