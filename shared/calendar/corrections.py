"""The site's own calendar data: years announced since the libraries were made, and corrections.

A file is JSON in the form of the holiday-cn project (one year of State Council notices), or CSV
with the columns date, is_working (yes/no) and name. What was loaded is kept for ever; for each day
the newest row holds.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.calendar.announced import announced_days, announced_years
from shared.calendar.festivals import Festival, festival_on
from shared.calendar.working import Day, WorkingCalendar
from shared.errors import Invalid
from shared.validation import in_words, pointer

if TYPE_CHECKING:
    from shared.work import Work


class InvalidCalendar(Invalid):
    """The file is no calendar, or says that nothing has been announced."""

    code = "invalid-calendar"
    title_zh = "日历文件无效"
    title_en = "Invalid calendar"


@dataclass(frozen=True)
class CalendarFile:
    """What a file says: some days, and the years that it announces in full."""

    days: Mapping[date, Day]
    years: frozenset[int]


@dataclass(frozen=True)
class Loaded:
    """What loading a file changed."""

    days_changed: int
    days_unchanged: int
    years_announced: tuple[int, ...]


async def working_calendar(work: Work) -> WorkingCalendar:
    """The calendar as it is known now: what the libraries hold, corrected by what was loaded."""
    rows = await work.rows(
        "SELECT DISTINCT ON (day) day, is_working, name FROM kit.calendar_days"
        " ORDER BY day, version DESC"
    )
    years = await work.rows("SELECT year FROM kit.calendar_years")
    corrections = {row["day"]: Day(row["is_working"], row["name"]) for row in rows}
    return WorkingCalendar(
        days={**announced_days(), **corrections},
        years=announced_years() | {row["year"] for row in years},
    )


async def load(work: Work, file: CalendarFile, source: str) -> Loaded:
    """Record what `file` says, from `source` (a file name or address); twice changes nothing."""
    await work.run("SELECT pg_advisory_xact_lock(hashtextextended('calendar', 0))")
    rows = await work.rows(
        "SELECT DISTINCT ON (day) day, version, is_working, name FROM kit.calendar_days"
        " ORDER BY day, version DESC"
    )
    newest = {row["day"]: (row["version"], Day(row["is_working"], row["name"])) for row in rows}
    changed = {on: day for on, day in file.days.items() if on not in newest or newest[on][1] != day}
    if changed:
        await work.run(
            "INSERT INTO kit.calendar_days (day, version, is_working, name, source, recorded_at)"
            " VALUES (:day, :version, :is_working, :name, :source, :recorded_at)",
            [
                {
                    "day": on,
                    "version": newest[on][0] + 1 if on in newest else 1,
                    "is_working": day.is_working,
                    "name": day.name,
                    "source": source,
                    "recorded_at": work.now,
                }
                for on, day in sorted(changed.items())
            ],
        )
    for year in sorted(file.years):
        await work.run(
            "INSERT INTO kit.calendar_years (year, source, recorded_at)"
            " VALUES (:year, :source, :recorded_at) ON CONFLICT DO NOTHING",
            {"year": year, "source": source, "recorded_at": work.now},
        )
    return Loaded(len(changed), len(file.days) - len(changed), tuple(sorted(file.years)))


def read_calendar(text: str) -> CalendarFile:
    """What the JSON or CSV `text` says.

    Raises InvalidCalendar for a file without days (that year is not announced: plain weekdays would
    be passed off as a calendar) and for a year file that leaves out a statutory holiday.
    """
    if text.lstrip("\ufeff \r\n\t").startswith("{"):
        return _read_json(text.lstrip("\ufeff"))
    return _read_csv(text.lstrip("\ufeff"))


class _DayForm(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str
    on: date = Field(alias="date")
    is_off_day: bool = Field(alias="isOffDay")


class _YearForm(BaseModel):
    model_config = ConfigDict(extra="ignore")
    year: int = Field(ge=1949, le=2200)
    days: list[_DayForm]


def _read_json(text: str) -> CalendarFile:
    try:
        form = _YearForm.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise InvalidCalendar("日历文件不是 JSON", f"not JSON: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        chinese, english = in_words(first)
        where = pointer(first["loc"])
        raise InvalidCalendar(f"{where}：{chinese}", f"{where}: {english}") from error
    if not form.days:
        raise InvalidCalendar(
            f"{form.year} 年放假安排尚未公布，文件中没有任何日期",
            f"the holidays of {form.year} are not announced: the file has no days",
            year=form.year,
        )
    days = {day.on: Day(not day.is_off_day, day.name) for day in form.days}
    missing = _missing_holidays(form.year, days)
    if missing:
        raise InvalidCalendar(
            f"{form.year} 年缺少法定节日：{'、'.join(missing)}",
            f"{form.year} lacks statutory holidays: {', '.join(missing)}",
            year=form.year,
        )
    return CalendarFile(days, frozenset({form.year}))


def _read_csv(text: str) -> CalendarFile:
    rows = csv.DictReader(io.StringIO(text))
    columns = set(rows.fieldnames or ())
    if not {"date", "is_working"} <= columns:
        raise InvalidCalendar(
            "日历文件须有 date 与 is_working 两列", "a calendar has the columns date and is_working"
        )
    days = dict(_csv_day(line, row) for line, row in enumerate(rows, start=2))
    if not days:
        raise InvalidCalendar("日历文件没有任何日期", "the calendar has no days")
    years = {on.year for on in days}
    return CalendarFile(days, frozenset(y for y in years if not _missing_holidays(y, days)))


def _csv_day(line: int, row: Mapping[str, Any]) -> tuple[date, Day]:
    is_working = _YES_OR_NO.get(str(row["is_working"]).strip().lower())
    try:
        on = date.fromisoformat(str(row["date"]).strip())
    except ValueError:
        on = None
    if on is None or is_working is None:
        raise InvalidCalendar(
            f"第 {line} 行：日期应如 2027-01-01，is_working 应为 yes 或 no",
            f"line {line}: a date is like 2027-01-01, is_working is yes or no",
            line=line,
        )
    return on, Day(is_working, str(row.get("name") or ""))


def _missing_holidays(year: int, days: Mapping[date, Day]) -> Sequence[str]:
    """The statutory holidays of `year` that `days` do not give as days off."""
    return [
        name
        for name, candidates in _statutory(year)
        if not any(on in days and not days[on].is_working for on in candidates)
    ]


def _statutory(year: int) -> Iterable[tuple[str, list[date]]]:
    yield "元旦", [date(year, 1, 1)]
    yield "春节", [festival_on(year, Festival.SPRING_FESTIVAL)]
    yield "清明节", [date(year, 4, day) for day in (4, 5, 6)]
    yield "劳动节", [date(year, 5, 1)]
    yield "端午节", [festival_on(year, Festival.DRAGON_BOAT)]
    yield "中秋节", [festival_on(year, Festival.MID_AUTUMN)]
    yield "国庆节", [date(year, 10, 1)]


_YES_OR_NO = {"yes": True, "true": True, "1": True, "是": True} | {
    "no": False,
    "false": False,
    "0": False,
    "否": False,
}
