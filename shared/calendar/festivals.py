"""Lunar festivals: when they fall (E-09)."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache


class Festival(StrEnum):
    """The lunar festivals that rules name."""

    NEW_YEARS_EVE = "new-years-eve"
    SPRING_FESTIVAL = "spring-festival"
    LANTERN = "lantern"
    DRAGON_BOAT = "dragon-boat"
    QIXI = "qixi"
    GHOST = "ghost"
    MID_AUTUMN = "mid-autumn"
    DOUBLE_NINTH = "double-ninth"

    @property
    def name_zh(self) -> str:
        """The Chinese name, as people write it."""
        return _CHINESE[self]


_CHINESE = {
    Festival.NEW_YEARS_EVE: "除夕",
    Festival.SPRING_FESTIVAL: "春节",
    Festival.LANTERN: "元宵节",
    Festival.DRAGON_BOAT: "端午节",
    Festival.QIXI: "七夕节",
    Festival.GHOST: "中元节",
    Festival.MID_AUTUMN: "中秋节",
    Festival.DOUBLE_NINTH: "重阳节",
}
_MONTH_AND_DAY = {
    Festival.SPRING_FESTIVAL: (1, 1),
    Festival.LANTERN: (1, 15),
    Festival.DRAGON_BOAT: (5, 5),
    Festival.QIXI: (7, 7),
    Festival.GHOST: (7, 15),
    Festival.MID_AUTUMN: (8, 15),
    Festival.DOUBLE_NINTH: (9, 9),
}


@cache
def festival_on(year: int, festival: Festival) -> date:
    """The day of `festival` in the civil `year`; New Year's Eve is the one before its spring."""
    if festival is Festival.NEW_YEARS_EVE:
        return festival_on(year, Festival.SPRING_FESTIVAL) - timedelta(days=1)
    from lunar_python import Lunar  # type: ignore[import-untyped]  # the library has no types

    month, day = _MONTH_AND_DAY[festival]
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def festivals_between(first: date, last: date) -> list[tuple[date, Festival]]:
    """The festivals from `first` to `last`, both included, in order of day."""
    falls = (
        (festival_on(year, festival), festival)
        for year in range(first.year, last.year + 1)
        for festival in Festival
    )
    return sorted((on, festival) for on, festival in falls if first <= on <= last)
