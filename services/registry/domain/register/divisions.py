"""Administrative divisions (GB/T 2260) with the years in which each code was in use (R-33)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shared.errors import Invalid

_PERIOD = re.compile(r"(?:\[(\d{4})?-(\d{4})?\])?([^,\[]+)")


class UnknownDivision(Invalid):
    """No such code in the table of divisions."""

    code = "unknown-division"
    rule = "R-33"
    title_zh = "行政区划代码不存在"
    title_en = "Unknown division"


class RetiredDivision(Invalid):
    """The code exists, but not on that day."""

    code = "division-not-in-force"
    rule = "R-33"
    title_zh = "行政区划代码在该日期无效"
    title_en = "Division not in force"


@dataclass(frozen=True, slots=True)
class Period:
    """A name that a code had from one year to another, both included; None is unlimited."""

    name: str
    since: int | None = None
    until: int | None = None

    def covers(self, year: int) -> bool:
        """Whether the name was in use in `year`; the year of a change belongs to both sides."""
        return (self.since is None or self.since <= year) and (
            self.until is None or year <= self.until
        )


@dataclass(frozen=True, slots=True)
class Division:
    """A six-digit code with every name it had."""

    code: str
    province: str
    periods: tuple[Period, ...]

    def name_on(self, on: date) -> str | None:
        """The name in the year of `on`, the later one in a year of change; None when retired."""
        return next((p.name for p in reversed(self.periods) if p.covers(on.year)), None)

    @property
    def last_name(self) -> str:
        """The name by which the code is known now, or was when it was retired."""
        return self.periods[-1].name

    @property
    def years(self) -> str:
        """The years in use, in words: 1983-1986, 1987-."""
        spans = [(p.since, p.until) for p in self.periods]
        return ", ".join(f"{since or ''}-{until or ''}" for since, until in spans)


Divisions = Callable[[str], Division | None]
"""Looks up a six-digit code; None when no such code was ever given out."""


def division_from(code: str, province: str, names: str) -> Division:
    """A division from the notation of the table: `[1983-1986]郊区,[1987-]白云区`."""
    periods = (
        Period(name, int(since) if since else None, int(until) if until else None)
        for since, until, name in _PERIOD.findall(names)
    )
    return Division(code, province, tuple(sorted(periods, key=lambda p: p.since or 0)))


def require_in_force(divisions: Divisions, code: str, on: date, pointer: str) -> Division:
    """The division of `code`, in force on `on`; raises UnknownDivision, RetiredDivision (R-33)."""
    division = divisions(code)
    if division is None:
        raise UnknownDivision(
            f"没有行政区划代码 {code}",
            f"there is no administrative division {code}",
            pointer=pointer,
            division=code,
        )
    if division.name_on(on) is None:
        raise RetiredDivision(
            f"行政区划 {code}（{division.last_name}）在 {on} 无效，有效年份：{division.years}",
            f"division {code} ({division.last_name}) was not in force on {on}, "
            f"only in {division.years}",
            pointer=pointer,
            division=code,
            on=on.isoformat(),
            years=division.years,
        )
    return division
