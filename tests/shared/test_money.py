"""Exact money: nothing is lost in rounding or dividing (R-45)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import CENT, allocate, to_cents

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
WEIGHTS = st.lists(
    st.decimals(min_value=0, max_value=100, places=4), min_size=1, max_size=12
).filter(lambda weights: sum(weights) > 0)


@given(AMOUNTS, WEIGHTS)
def test_the_parts_sum_to_the_amount_exactly(amount: Decimal, weights: list[Decimal]) -> None:
    assert sum(allocate(amount, weights)) == amount


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_cent_or_more_away_from_its_exact_share(
    amount: Decimal, weights: list[Decimal]
) -> None:
    total = sum(weights)
    for part, weight in zip(allocate(amount, weights), weights, strict=True):
        assert abs(part - amount * weight / total) < CENT + Decimal("1e-9")


@given(AMOUNTS, WEIGHTS)
def test_dividing_a_reversal_mirrors_dividing_the_original(
    amount: Decimal, weights: list[Decimal]
) -> None:
    assert allocate(-amount, weights) == [-part for part in allocate(amount, weights)]


def test_the_missing_cent_goes_to_the_part_that_lost_most_and_on_a_tie_to_the_first() -> None:
    thirds = [Decimal(1)] * 3
    assert allocate(Decimal("100.00"), thirds) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert allocate(Decimal("0.01"), [Decimal("0.4"), Decimal("0.6")]) == [0, Decimal("0.01")]


def test_a_part_without_weight_gets_nothing() -> None:
    assert allocate(Decimal("0.05"), [Decimal(0), Decimal(1)]) == [0, Decimal("0.05")]


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(1), Decimal(-1)]])
def test_there_must_be_something_to_divide_by(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(Decimal(1), weights)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("1.235", "1.24")],
)
def test_half_a_cent_is_rounded_away_from_zero(exact: str, rounded: str) -> None:
    assert to_cents(Decimal(exact)) == Decimal(rounded)
