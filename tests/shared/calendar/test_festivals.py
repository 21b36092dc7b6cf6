"""Lunar festivals on their civil days."""

from __future__ import annotations

from datetime import date

import pytest

from shared.calendar import Festival, festival_on, festivals_between


@pytest.mark.parametrize(
    ("festival", "on"),
    [
        (Festival.SPRING_FESTIVAL, date(2024, 2, 10)),
        (Festival.SPRING_FESTIVAL, date(2027, 2, 6)),
        (Festival.NEW_YEARS_EVE, date(2025, 1, 28)),
        (Festival.LANTERN, date(2026, 3, 3)),
        (Festival.DRAGON_BOAT, date(2025, 5, 31)),
        (Festival.MID_AUTUMN, date(2025, 10, 6)),
        (Festival.DOUBLE_NINTH, date(2025, 10, 29)),  # after a leap month
    ],
)
def test_a_festival_falls_on_its_day(festival: Festival, on: date) -> None:
    assert festival_on(on.year, festival) == on


def test_festivals_of_a_period_come_in_order_with_both_ends() -> None:
    found = festivals_between(date(2026, 2, 16), date(2026, 3, 3))
    assert found == [
        (date(2026, 2, 16), Festival.NEW_YEARS_EVE),
        (date(2026, 2, 17), Festival.SPRING_FESTIVAL),
        (date(2026, 3, 3), Festival.LANTERN),
    ]


def test_a_festival_has_a_chinese_name() -> None:
    assert Festival("mid-autumn").name_zh == "中秋节"
