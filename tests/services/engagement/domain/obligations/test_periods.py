"""Periods of the calendar and rolling periods."""

from __future__ import annotations

from datetime import date

import pytest

from services.engagement.domain.obligations.periods import (
    Period,
    Span,
    Unit,
    calendar_spans,
    start_after,
    start_of,
)


@pytest.mark.parametrize(
    ("unit", "day", "start", "following"),
    [
        (Unit.WEEK, date(2025, 1, 1), date(2024, 12, 30), date(2025, 1, 6)),
        (Unit.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 3, 1)),
        (Unit.MONTH, date(2024, 12, 31), date(2024, 12, 1), date(2025, 1, 1)),
        (Unit.QUARTER, date(2024, 12, 31), date(2024, 10, 1), date(2025, 1, 1)),
        (Unit.QUARTER, date(2025, 5, 17), date(2025, 4, 1), date(2025, 7, 1)),
        (Unit.YEAR, date(2024, 2, 29), date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_a_day_belongs_to_one_period_and_the_next_follows_at_once(
    unit: Unit, day: date, start: date, following: date
) -> None:
    assert start_of(unit, day) == start
    assert start_after(unit, day) == following


def test_a_period_that_began_before_is_not_kept() -> None:
    spans = list(calendar_spans(Unit.MONTH, date(2025, 1, 2), date(2025, 3, 1)))
    assert spans == [
        Span(date(2025, 2, 1), date(2025, 2, 28)),
        Span(date(2025, 3, 1), date(2025, 3, 31)),
    ]


def test_a_rolling_period_needs_its_days_and_no_other_period_takes_any() -> None:
    assert Period(Unit.DAYS, 14).is_rolling
    for unit, days in ((Unit.DAYS, None), (Unit.DAYS, 0), (Unit.MONTH, 1)):
        with pytest.raises(ValueError, match="rolling"):
            Period(unit, days)


def test_a_rolling_period_has_no_place_in_the_calendar() -> None:
    with pytest.raises(ValueError, match="calendar"):
        start_of(Unit.DAYS, date(2025, 1, 1))
