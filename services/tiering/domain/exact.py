"""Exact numbers and their stated roundings (T-31).

Scores are fractions, so that a division that never ends loses nothing. A fraction is rounded only
to be shown or to be sorted by, never before a tier is decided (C3).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

SORTABLE_PLACES = 20
"""Decimals of the stored number that lists are sorted by; the exact text stands beside it."""


def rounded(value: Fraction, places: int) -> Decimal:
    """`value` with `places` decimals, half up (away from zero), on any machine the same."""
    numerator, denominator = abs(value.numerator) * 10**places, value.denominator
    whole = (2 * numerator + denominator) // (2 * denominator)
    sign = "-" if value < 0 and whole else ""
    return Decimal(f"{sign}{whole}e-{places}")


def exact_text(value: Fraction) -> str:
    """`value` without any loss: a decimal where it ends ("79.9999998"), else "130/3"."""
    places = _decimal_places(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return f"{rounded(value, places):f}"


def _decimal_places(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None
