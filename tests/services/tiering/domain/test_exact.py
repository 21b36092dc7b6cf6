"""Exact numbers and their stated roundings (T-31)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tiering.domain.exact import exact_text, rounded


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Fraction("79.9999998"), 2, "80.00"),
        (Fraction(130, 3), 2, "43.33"),
        (Fraction("0.005"), 2, "0.01"),
        (Fraction("-0.005"), 2, "-0.01"),
        (Fraction("-0.004"), 2, "0.00"),
        (Fraction("2.5"), 0, "3"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_a_score_is_shown_rounded_half_up(value: Fraction, places: int, shown: str) -> None:
    assert str(rounded(value, places)) == shown


def test_rounding_takes_no_notice_of_the_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(rounded(Fraction(10**20, 7), 20)) == "14285714285714285714.28571428571428571429"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(130, 3), "130/3"),
        (Fraction("79.9999998"), "79.9999998"),
        (Fraction(100), "100"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(0), "0"),
    ],
)
def test_the_exact_text_loses_nothing(value: Fraction, text: str) -> None:
    assert exact_text(value) == text


@given(st.fractions())
def test_the_exact_text_reads_back_as_the_same_number(value: Fraction) -> None:
    assert Fraction(exact_text(value)) == value


@given(st.fractions(), st.integers(min_value=0, max_value=20))
def test_a_rounded_number_is_off_by_half_a_place_at_most(value: Fraction, places: int) -> None:
    shown = rounded(value, places)
    assert abs(Fraction(shown) - value) <= Fraction(1, 2 * 10**places)
    assert shown == Decimal(str(shown))
