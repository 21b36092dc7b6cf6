"""Periods and cut-offs: which days a score counts."""

from __future__ import annotations

from datetime import date

import pytest

from services.tiering.domain.periods import (
    InvalidPeriod,
    Period,
    is_first_day,
    period_before,
    period_of,
)
from services.tiering.domain.schemes.schemes import Window

YEAR, MONTH, LIFETIME = Window("year"), Window("month"), Window("lifetime")
ROLLING = Window("rolling", 12)
TODAY = date(2026, 1, 15)


def test_a_year_is_cut_off_at_its_end() -> None:
    period = period_of(YEAR, "2025", None, TODAY)
    assert period == Period("2025", date(2025, 1, 1), date(2025, 12, 31), date(2025, 12, 31))


def test_a_year_may_be_cut_off_at_the_end_of_a_month_before() -> None:
    period = period_of(YEAR, "2025", date(2025, 6, 30), TODAY)
    assert period == Period("2025", date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31))
    assert not period.is_over


def test_a_cut_off_alone_lies_in_its_own_year_or_month() -> None:
    assert period_of(YEAR, None, date(2025, 6, 30), TODAY).name == "2025"
    assert period_of(MONTH, None, date(2025, 6, 30), TODAY) == Period(
        "2025-06", date(2025, 6, 1), date(2025, 6, 30), date(2025, 6, 30)
    )


def test_a_rolling_period_ends_with_its_month() -> None:
    assert period_of(ROLLING, "2025-06", None, TODAY) == Period(
        "2025-06", date(2024, 7, 1), date(2025, 6, 30), date(2025, 6, 30)
    )
    assert period_of(ROLLING, "2025-12", None, TODAY).from_on == date(2025, 1, 1)


def test_a_lifetime_has_no_beginning() -> None:
    end = date(2025, 2, 28)
    assert period_of(LIFETIME, "2025-02", None, TODAY) == Period("2025-02", None, end, end)


@pytest.mark.parametrize(
    ("window", "name", "cut_off"),
    [
        (YEAR, None, None),
        (YEAR, "2025-06", None),
        (YEAR, "25", None),
        (MONTH, "2025", None),
        (MONTH, "2025-13", None),
        (YEAR, "2025", date(2025, 6, 29)),
        (YEAR, "2025", date(2024, 12, 31)),
        (MONTH, "2025-06", date(2025, 7, 31)),
        (YEAR, "2026", None),
        (MONTH, None, date(2026, 1, 31)),
    ],
)
def test_what_is_no_period_that_is_over_is_refused(
    window: Window, name: str | None, cut_off: date | None
) -> None:
    with pytest.raises(InvalidPeriod):
        period_of(window, name, cut_off, TODAY)


def test_a_cut_off_may_be_today() -> None:
    assert period_of(MONTH, "2026-01", None, date(2026, 1, 31)).cut_off == date(2026, 1, 31)


def test_the_period_before_a_day_is_the_last_full_one() -> None:
    assert period_before(YEAR, TODAY).name == "2025"
    assert period_before(MONTH, TODAY).name == "2025-12"
    assert period_before(ROLLING, date(2025, 3, 1)) == Period(
        "2025-02", date(2024, 3, 1), date(2025, 2, 28), date(2025, 2, 28)
    )


def test_a_version_starts_with_a_period() -> None:
    assert is_first_day(YEAR, date(2025, 1, 1)) and not is_first_day(YEAR, date(2025, 2, 1))
    assert is_first_day(ROLLING, date(2025, 2, 1)) and not is_first_day(MONTH, date(2025, 2, 2))
