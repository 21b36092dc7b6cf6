"""The site's own calendar file: extends, corrects, and refuses what is no announcement."""

from __future__ import annotations

import json
from datetime import date

import pytest

from shared import calendar
from shared.calendar import InvalidCalendar, read_calendar
from shared.work import Work

STATUTORY_2027 = {
    "元旦": "2027-01-01",
    "春节": "2027-02-06",
    "清明节": "2027-04-05",
    "劳动节": "2027-05-01",
    "端午节": "2027-06-09",
    "中秋节": "2027-09-15",
    "国庆节": "2027-10-01",
}


def notice(year: int = 2027, *more: tuple[str, bool], without: str = "") -> str:
    """A file in the form of holiday-cn."""
    days = [
        {"name": name, "date": on, "isOffDay": True}
        for name, on in STATUTORY_2027.items()
        if name != without
    ]
    days += [{"name": "调休", "date": on, "isOffDay": is_off} for on, is_off in more]
    return json.dumps({"year": year, "papers": [], "days": days}, ensure_ascii=False)


async def test_a_loaded_year_is_announced(work: Work) -> None:
    before = await calendar.working_calendar(work)
    assert not before.is_announced(date(2027, 3, 1))
    file = read_calendar(notice(2027, ("2027-02-20", False)))
    loaded = await calendar.load(work, file, "2027.json")
    assert (loaded.days_changed, loaded.years_announced) == (8, (2027,))
    after = await calendar.working_calendar(work)
    assert after.is_announced(date(2027, 3, 1))
    assert after.is_working(date(2027, 2, 20))
    assert not after.is_working(date(2027, 1, 1))


async def test_loading_it_again_changes_nothing(work: Work) -> None:
    await calendar.load(work, read_calendar(notice()), "2027.json")
    again = await calendar.load(work, read_calendar(notice()), "2027.json")
    assert (again.days_changed, again.days_unchanged) == (0, 7)


async def test_a_later_file_corrects_an_earlier_one_and_both_are_kept(work: Work) -> None:
    await calendar.load(work, read_calendar(notice(2027, ("2027-02-20", False))), "first")
    await calendar.load(work, read_calendar(notice(2027, ("2027-02-20", True))), "second")
    assert not (await calendar.working_calendar(work)).is_working(date(2027, 2, 20))
    rows = await work.rows(
        "SELECT version, source FROM kit.calendar_days WHERE day = '2027-02-20' ORDER BY version"
    )
    assert [(row["version"], row["source"]) for row in rows] == [(1, "first"), (2, "second")]


async def test_days_of_a_neighbouring_year_are_taken_too(work: Work) -> None:
    file = read_calendar(notice(2027, ("2026-12-31", True)))
    await calendar.load(work, file, "2027.json")
    assert not (await calendar.working_calendar(work)).is_working(date(2026, 12, 31))


async def test_a_csv_corrects_single_days_without_announcing_a_year(work: Work) -> None:
    file = read_calendar("date,is_working,name\n2026-03-18,no,停电\n2027-01-02,是,\n")
    loaded = await calendar.load(work, file, "corrections.csv")
    assert (loaded.days_changed, loaded.years_announced) == (2, ())
    known = await calendar.working_calendar(work)
    assert not known.is_working(date(2026, 3, 18))
    assert known.is_working(date(2027, 1, 2))
    assert not known.is_announced(date(2027, 1, 2))


def test_a_csv_with_every_statutory_holiday_announces_its_year() -> None:
    lines = [f"{on},no,{name}" for name, on in STATUTORY_2027.items()]
    assert read_calendar("\ufeffdate,is_working,name\n" + "\n".join(lines)).years == {2027}


def test_a_year_without_days_is_refused_as_not_announced() -> None:
    empty = json.dumps({"year": 2027, "papers": [], "days": []})
    with pytest.raises(InvalidCalendar) as caught:
        read_calendar(empty)
    assert "尚未公布" in caught.value.detail_zh
    assert "not announced" in caught.value.detail_en


@pytest.mark.parametrize("holiday", ["春节", "中秋节"])
def test_a_year_that_leaves_out_a_statutory_holiday_is_refused(holiday: str) -> None:
    with pytest.raises(InvalidCalendar, match=holiday):
        read_calendar(notice(without=holiday))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ('{"year": 2027}', "/days"),
        ("day,off\n2027-01-01,1\n", "columns date and is_working"),
        ("date,is_working\n", "no days"),
        ("date,is_working\n2027-01-01,maybe\n", "line 2"),
        ("date,is_working\n2027-01-01,yes\n1.2.2027,yes\n", "line 3"),
    ],
)
def test_another_form_is_refused_with_the_place(text: str, says: str) -> None:
    with pytest.raises(InvalidCalendar, match=says):
        read_calendar(text)
