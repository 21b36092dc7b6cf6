"""Administrative divisions (GB/T 2260) with the years in which each code was in use (R-33)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
    """A six-digit code with every name it had, and the codes that took its place.

    `is_retired` says that it is out of use since a year that nobody knows. `successors` are told,
    never put in its place.
    """

    code: str
    province: str
    periods: tuple[Period, ...]
    successors: tuple[str, ...] = ()
    is_retired: bool = False

    def name_on(self, on: date) -> str | None:
        """The name in the year of `on`, the later one in a year of change; None when retired."""
        if self.is_retired:
            return None
        return next((p.name for p in reversed(self.periods) if p.covers(on.year)), None)

    @property
    def last_name(self) -> str:
        """The name by which the code is known now, or was when it was retired."""
        return self.periods[-1].name

    @property
    def years(self) -> str:
        """The years in use, in words: 1983-1986, 1987-."""
        last = self.periods[-1]
        spans = [
            (p.since or "", "?" if self.is_retired and p is last else p.until or "")
            for p in self.periods
        ]
        return ", ".join(f"{since}-{until}" for since, until in spans)


Divisions = Callable[[str], Division | None]
"""Looks up a six-digit code; None when no such code was ever given out."""


def division_from(code: str, province: str, names: str) -> Division:
    """A division from the notation of the table: `[1983-1986]郊区,[1987-]白云区`."""
    periods = (
        Period(name, int(since) if since else None, int(until) if until else None)
        for since, until, name in _PERIOD.findall(names)
    )
    return Division(code, province, tuple(sorted(periods, key=lambda p: p.since or 0)))


@dataclass(frozen=True, slots=True)
class Correction:
    """What a site knows of a code beyond the table: a name with its years, or its end."""

    code: str
    name: str
    since: int | None = None
    until: int | None = None
    is_retired: bool = False
    successors: tuple[str, ...] = ()


def corrected(
    code: str, province: str, known: Division | None, corrections: Sequence[Correction]
) -> Division | None:
    """The division as the table has it and the site corrects it; None when neither knows it (R-33).

    A correction with its first year is a period of its own, or replaces the one of that year; one
    without amends the last period. The site's word holds.
    """
    if not corrections:
        return known
    periods = {period.since: period for period in known.periods} if known else {}
    for each in sorted(corrections, key=lambda one: (one.since is not None, one.since or 0)):
        if each.since is None and periods:
            last = list(periods.values())[-1]
            until = last.until if each.until is None else each.until
            periods[last.since] = Period(each.name, last.since, until)
        else:
            periods[each.since] = Period(each.name, each.since, each.until)
    ordered = tuple(sorted(periods.values(), key=lambda period: period.since or 0))
    said_retired = any(each.is_retired for each in corrections)
    return Division(
        code=code,
        province=province,
        periods=ordered,
        successors=tuple(dict.fromkeys(s for each in corrections for s in each.successors)),
        is_retired=said_retired and ordered[-1].until is None,
    )


def told_successors(division: Division, divisions: Divisions) -> tuple[str, str]:
    """Which codes took the place of a retired one, in Chinese and English, for people to choose."""
    if not division.successors:
        return "无已知后继代码", "no successor is known"
    named = [
        f"{code} {found.last_name}" if (found := divisions(code)) else code
        for code in division.successors
    ]
    return f"后继代码：{'、'.join(named)}", f"successors: {', '.join(named)}"


def require_in_force(divisions: Divisions, code: str, on: date, pointer: str) -> Division:
    """The division of `code`, in force on `on`; raises UnknownDivision, RetiredDivision (R-33).

    A retired code is never rewritten: the refusal names its successors, a person chooses.
    """
    division = divisions(code)
    if division is None:
        raise UnknownDivision(
            f"没有行政区划代码 {code}",
            f"there is no administrative division {code}",
            pointer=pointer,
            division=code,
        )
    if division.name_on(on) is None:
        zh, en = told_successors(division, divisions)
        raise RetiredDivision(
            f"行政区划 {code}（{division.last_name}）在 {on} 无效，"
            f"有效年份：{division.years}；{zh}",
            f"division {code} ({division.last_name}) was not in force on {on}, "
            f"only in {division.years}; {en}",
            pointer=pointer,
            division=code,
            on=on.isoformat(),
            years=division.years,
            successors=list(division.successors),
        )
    return division
