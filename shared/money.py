"""Exact money: decimals rounded once, half up, and divided without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round `amount` (yuan) to whole cents, half up, away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def allocate(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide `amount` (yuan, whole cents) by `weights`; the parts sum to it exactly (R-45).

    Largest remainder: every part is rounded towards zero, then the missing cents go to the parts
    that lost most, the earlier part first on a tie. Raises ValueError when there is nothing to
    divide by: no weights, a negative weight, or weights that sum to zero.
    """
    total = sum(weights, Decimal(0))
    if not weights or min(weights) < 0 or total == 0:
        raise ValueError("weights must be non-negative and sum to more than zero")
    exact = [amount * weight / total for weight in weights]
    parts = [share.quantize(CENT, rounding=ROUND_DOWN) for share in exact]
    missing = amount - sum(parts, Decimal(0))
    step = CENT.copy_sign(missing)
    by_loss = sorted(range(len(parts)), key=lambda i: (-abs(exact[i] - parts[i]), i))
    for index in by_loss[: int(missing / step)]:
        parts[index] += step
    return parts
