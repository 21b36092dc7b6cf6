"""When a month can be closed, and by whom (B-34)."""

from __future__ import annotations

from datetime import date

import pytest

from services.billing.domain.books.months import (
    MonthClosing,
    MonthNotOver,
    MonthsCloseInOrder,
    NotClosingStaff,
    TotalsDiffer,
    check_staff,
    check_totals,
    check_turn,
    following,
    last_day,
)

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def rules(earliest_days: int = 1) -> MonthClosing:
    return MonthClosing(("finance",), ("province", "city"), earliest_days, is_reconciled=False)


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (FEBRUARY, date(2026, 2, 28)),
        (date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_ends_before_the_next_begins(month: date, last: date) -> None:
    assert last_day(month) == last
    assert following(month) == date.fromordinal(last.toordinal() + 1)


@pytest.mark.parametrize(("days", "on"), [(1, date(2026, 2, 1)), (5, date(2026, 2, 5))])
def test_a_month_is_closed_once_its_days_are_over_b_34(days: int, on: date) -> None:
    check_turn(JANUARY, None, on, rules(days))
    with pytest.raises(MonthNotOver) as refused:
        check_turn(JANUARY, None, date.fromordinal(on.toordinal() - 1), rules(days))
    assert refused.value.facts["earliest_days"] == days


def test_the_end_of_time_is_not_over_b_34() -> None:
    with pytest.raises(MonthNotOver):
        check_turn(date(9999, 12, 1), None, date(2026, 2, 1), rules())


def test_months_are_closed_one_after_the_other_b_34() -> None:
    on = date(2026, 6, 1)
    check_turn(FEBRUARY, JANUARY, on, rules())
    for month in (date(2025, 12, 1), JANUARY, date(2026, 3, 1)):
        with pytest.raises(MonthsCloseInOrder) as refused:
            check_turn(month, JANUARY, on, rules())
        assert refused.value.facts["next"] == "2026-02"


@pytest.mark.parametrize(
    ("roles", "level"),
    [({"director"}, "city"), ({"finance"}, "county"), ({"finance"}, None), (set(), "province")],
)
def test_few_close_the_books_for_all_b_34(roles: set[str], level: str | None) -> None:
    check_staff({"finance", "director"}, "city", rules())
    with pytest.raises(NotClosingStaff):
        check_staff(roles, level, rules())


def test_senders_agree_or_the_month_stays_open_b_34() -> None:
    check_totals(JANUARY, 0)
    with pytest.raises(TotalsDiffer):
        check_totals(JANUARY, 1)
