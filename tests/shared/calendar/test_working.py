"""Counting working days and hours: pure, and honest about years that nobody has announced."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import Day, Deadline, OpeningHours, WorkingCalendar
from shared.calendar.announced import announced_days, announced_years

SITE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(announced_days(), announced_years())
OFFICE = OpeningHours(SITE, ((time(8, 30), time(12)), (time(14), time(17, 30))))
ROUND_THE_CLOCK = OpeningHours(SITE, ((time.min, time.max),))


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026 at the site."""
    return datetime(2026, month, day, hour, minute, tzinfo=SITE)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 2, 13), True),  # Friday
        (date(2026, 2, 14), True),  # a Saturday that makes up for the festival
        (date(2026, 2, 15), False),
        (date(2026, 2, 17), False),  # Spring Festival, a Tuesday
        (date(2026, 2, 24), True),
        (date(2026, 3, 7), False),  # an ordinary Saturday
        (date(2026, 10, 10), True),
    ],
)
def test_holidays_are_off_and_make_up_days_are_worked(day: date, is_working: bool) -> None:
    assert CALENDAR.is_working(day) is is_working


def test_the_day_after_the_start_is_day_1() -> None:
    assert CALENDAR.add_working_days(date(2026, 3, 16), 1) == Deadline(date(2026, 3, 17), False)
    assert CALENDAR.add_working_days(date(2026, 3, 16), 5) == Deadline(date(2026, 3, 23), False)


def test_a_deadline_jumps_over_the_festival_and_counts_the_make_up_saturday() -> None:
    assert CALENDAR.add_working_days(date(2026, 2, 13), 1).on == date(2026, 2, 14)
    assert CALENDAR.add_working_days(date(2026, 2, 13), 2).on == date(2026, 2, 24)


def test_counting_backwards_finds_the_working_day_before() -> None:
    assert CALENDAR.previous_working_day(date(2026, 2, 24)) == date(2026, 2, 14)
    assert CALENDAR.next_working_day(date(2026, 2, 14)) == date(2026, 2, 24)


def test_nought_days_is_the_day_itself_or_the_next_one_worked() -> None:
    assert CALENDAR.add_working_days(date(2026, 3, 16), 0).on == date(2026, 3, 16)
    assert CALENDAR.add_working_days(date(2026, 3, 14), 0).on == date(2026, 3, 16)


def test_a_deadline_that_touches_a_year_not_announced_is_provisional() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1) == Deadline(date(2026, 12, 31), False)
    assert CALENDAR.add_working_days(date(2026, 12, 30), 2) == Deadline(date(2027, 1, 1), True)
    assert not CALENDAR.is_announced(date(2027, 1, 1))


def test_loading_the_year_makes_the_deadline_final() -> None:
    days = {**announced_days(), date(2027, 1, 1): Day(False, "元旦")}
    calendar = WorkingCalendar(days, announced_years() | {2027})
    assert calendar.add_working_days(date(2026, 12, 30), 2) == Deadline(date(2027, 1, 4), False)


def test_a_saturday_inside_a_public_holiday_is_told_from_an_ordinary_one() -> None:
    festival = (date(2026, 2, 15), date(2026, 2, 23))
    assert CALENDAR.holiday_block(date(2026, 2, 21)) == festival
    assert CALENDAR.holiday_block(date(2026, 3, 7)) is None
    assert CALENDAR.holiday_block(date(2026, 2, 14)) is None  # worked


def test_working_days_of_a_period_count_both_ends() -> None:
    assert CALENDAR.working_days(date(2026, 1, 1), date(2026, 12, 31)) == 248
    assert CALENDAR.working_days(date(2026, 3, 16), date(2026, 3, 16)) == 1
    assert CALENDAR.working_days(date(2026, 3, 17), date(2026, 3, 16)) == 0


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(3, 16, 9), 2, at(3, 16, 11)),
        (at(3, 16, 11), 2, at(3, 16, 15)),  # over lunch
        (at(3, 16, 7), 3.5, at(3, 16, 12)),  # before opening; ends exactly at the break
        (at(3, 16, 17), 1, at(3, 17, 9)),
        (at(3, 14, 9), 1, at(3, 16, 9, 30)),  # from an ordinary Saturday
        (at(2, 14, 17), 1, at(2, 24, 9)),  # a worked Saturday, then the festival
        (at(3, 16, 18), 0, at(3, 17, 8, 30)),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(
    start: datetime, hours: float, end: datetime
) -> None:
    assert CALENDAR.add_working_hours(start, timedelta(hours=hours), OFFICE).at == end


def test_a_moment_in_another_zone_is_counted_at_the_site() -> None:
    start = datetime(2026, 3, 16, 1, tzinfo=ZoneInfo("UTC"))
    assert CALENDAR.add_working_hours(start, timedelta(hours=2), OFFICE).at == at(3, 16, 11)


def test_working_days_of_24_hours_are_possible() -> None:
    moment = CALENDAR.add_working_hours(at(3, 13, 12), timedelta(hours=24), ROUND_THE_CLOCK)
    assert moment.at == at(3, 16, 12)


def test_hours_that_reach_a_year_not_announced_are_provisional() -> None:
    start = datetime(2026, 12, 31, 17, tzinfo=SITE)
    assert not CALENDAR.add_working_hours(start, timedelta(minutes=30), OFFICE).is_provisional
    assert CALENDAR.add_working_hours(start, timedelta(hours=1), OFFICE).is_provisional


def test_a_negative_length_and_confused_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        CALENDAR.add_working_hours(at(3, 16, 9), timedelta(hours=-1), OFFICE)
    with pytest.raises(ValueError, match="in order"):
        OpeningHours(SITE, ((time(12), time(8, 30)),))


@given(
    st.dates(date(2019, 1, 1), date(2025, 12, 31)),
    st.integers(min_value=1, max_value=60),
)
def test_as_many_days_are_worked_on_the_way_as_were_asked_for(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count).on
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days(start + timedelta(days=1), end) == count


@given(st.dates(date(2019, 1, 1), date(2025, 12, 31)), st.integers(1, 30), st.integers(1, 30))
def test_two_steps_lead_where_one_leads(start: date, first: int, second: int) -> None:
    halfway = CALENDAR.add_working_days(start, first).on
    there = CALENDAR.add_working_days(halfway, second).on
    assert there == CALENDAR.add_working_days(start, first + second).on
