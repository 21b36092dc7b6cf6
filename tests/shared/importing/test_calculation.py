"""Exact calculations over columns, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.importing.calculation import InvalidCalculation, calculation, exact_number

COLUMNS = ["Quantity", "UnitPrice", "Net amount"]


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("Quantity * UnitPrice", "7.635"),
        ("Quantity", "3"),
        ("-Quantity", "-3"),
        ("{Net amount} * 1.06", "10.6"),
        ("({Net amount} - Quantity) * 0.1", "0.7"),
        ("Quantity + UnitPrice - 1", "4.545"),
    ],
)
def test_a_formula_is_exact(formula: str, result: str) -> None:
    evaluate = calculation(formula).compile(COLUMNS.index)
    assert evaluate(["3", "2.545", "10"]) == Decimal(result)


def test_the_columns_of_a_formula_are_known() -> None:
    assert calculation("{Net amount} * Quantity").columns == ("Net amount", "Quantity")


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "Quantity *",
        "Quantity / 2",
        "Quantity ** 2",
        "sum(Quantity)",
        "a.b",
        "'x'",
        "True",
        "a if b else c",
    ],
)
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(InvalidCalculation, match="columns, numbers"):
        calculation(formula)


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", "1,234.50", "12 3"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        exact_number(text)
