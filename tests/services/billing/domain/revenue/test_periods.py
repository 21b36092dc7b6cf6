"""Periods of reports, and the same days a year earlier (B-30)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.revenue.periods import (
    EmptyPeriod,
    Period,
    PeriodTooLong,
    growth,
    month_before,
    months,
)


@pytest.mark.parametrize(
    ("first", "last", "before_first", "before_last"),
    [
        ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
        ("2026-03-10", "2026-03-20", "2025-03-10", "2025-03-20"),
        ("2025-02-01", "2025-02-28", "2024-02-01", "2024-02-29"),
        ("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28"),
        ("2024-02-29", "2024-03-15", "2023-02-28", "2023-03-15"),
        ("2025-02-10", "2025-02-27", "2024-02-10", "2024-02-27"),
    ],
)
def test_b30_a_period_is_compared_with_the_same_days_a_year_earlier(
    first: str, last: str, before_first: str, before_last: str
) -> None:
    """B-30: a period that ends with a February ends with the whole of the other one."""
    days = [date.fromisoformat(day) for day in (first, last, before_first, before_last)]
    assert Period(*days[:2]).year_before() == Period(*days[2:])


def test_b30_a_period_of_a_day_more_than_a_year_has_nothing_to_be_compared_with() -> None:
    Period(date(2025, 1, 1), date(2025, 12, 31)).year_before()
    with pytest.raises(PeriodTooLong):
        Period(date(2025, 1, 1), date(2026, 1, 1)).year_before()


def test_b30_a_period_has_a_day_at_least_and_a_year_before_it() -> None:
    Period(date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(EmptyPeriod):
        Period(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(EmptyPeriod):
        Period(date(1, 1, 1), date(1, 1, 2)).year_before()


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 360))
def test_b30_no_day_is_in_both_periods(first: date, length: int) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + length))
    before = period.year_before()
    assert before.until_on < period.from_on
    assert (period.from_on.year, period.until_on.year) == (
        *(before.from_on.year + 1, before.until_on.year + 1),
    )


def test_b30_months_are_whole_and_the_one_before_january_is_december() -> None:
    assert months("2025-11", "2026-02") == Period(date(2025, 11, 1), date(2026, 2, 28))
    assert [month_before(date(2026, month, 31)) for month in (1, 3)] == ["2025-12", "2026-02"]
    with pytest.raises(EmptyPeriod) as refused:
        months("2026-02", "2026-01")
    assert refused.value.pointer == "/until_month", "which is what was asked"


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ("130", "100", "30.00"),
        ("69.99", "100", "-30.01"),
        ("100.005", "100", "0.01"),
        ("50", "0", None),
        ("50", "-10", None),
    ],
)
def test_b30_growth_is_in_per_cent_and_absent_where_there_was_nothing(
    now: str, before: str, expected: str | None
) -> None:
    found = growth(Decimal(now), Decimal(before))
    assert found == (None if expected is None else Decimal(expected))
