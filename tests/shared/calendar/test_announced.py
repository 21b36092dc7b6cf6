"""What is announced: only what two libraries hold in full and agree on."""

from __future__ import annotations

from datetime import date

import pytest

from shared.calendar import WorkingCalendar
from shared.calendar.announced import announced_days, announced_years, disagreements

CALENDAR = WorkingCalendar(announced_days(), announced_years())


@pytest.mark.parametrize(
    ("year", "worked"),
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248)],
)
def test_a_year_has_as_many_working_days_as_the_state_council_left(year: int, worked: int) -> None:
    assert CALENDAR.working_days(date(year, 1, 1), date(year, 12, 31)) == worked


def test_make_up_days_of_2026_are_those_of_the_notice() -> None:
    worked = [on for on, day in announced_days().items() if on.year == 2026 and day.is_working]
    assert worked == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


def test_a_year_that_only_the_statute_knows_is_not_announced() -> None:
    last = max(announced_years())
    assert last + 1 not in announced_years()
    assert len(disagreements(last + 1)) in (365, 366)


def test_a_year_on_which_the_libraries_disagree_is_not_announced() -> None:
    assert disagreements(2005) == (date(2005, 12, 31),)
    assert 2005 not in announced_years()
    assert {2004, *range(2006, 2027)} <= announced_years()


def test_a_day_off_says_which_holiday_it_belongs_to() -> None:
    assert announced_days()[date(2026, 2, 16)].name == "春节"
