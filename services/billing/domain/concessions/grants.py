"""What discounts take off a charge: a function of the charge and of the discounts, whichever came
first (B-27).

The discount is a credit that pays the charge from the day of the bill; where the charge is
cancelled, in part or in whole, as much of the credit goes back on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.money import to_cents

from .discounts import Discount

NOTHING = Decimal(0)

Grant = Mapping[date, Decimal]
"""Yuan by the day that they belong to; below zero: they go back."""


@dataclass(frozen=True, slots=True)
class BilledCharge:
    """A charge as far as discounts go, in gross yuan; `cancelled` by day, summed."""

    charge_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    gross: Decimal
    issued_on: date
    cancelled: Mapping[date, Decimal]


def best(discounts: Iterable[Discount], charge: BilledCharge) -> Discount | None:
    """The discount that holds for a charge: the highest, of equal ones the first given.

    No two overlap when they are given; customers that became one may bring two.
    """
    covering = [each for each in discounts if each.covers(charge.business_line, charge.issued_on)]
    return max(
        covering,
        key=lambda each: (each.rate, -each.from_on.toordinal(), each.discount_id.int),
        default=None,
    )


def granted(discount: Discount, charge: BilledCharge) -> Grant:
    """What `discount` takes off `charge`, by day; days without any are left out."""
    days: dict[date, Decimal] = {charge.issued_on: full(discount, charge)}
    left, so_far = charge.gross, full(discount, charge)
    for day, amount in sorted(charge.cancelled.items()):
        left -= amount
        now = to_cents(discount.rate * left)
        days[day] = days.get(day, NOTHING) + now - so_far
        so_far = now
    return {day: amount for day, amount in days.items() if amount}


def full(discount: Discount, charge: BilledCharge) -> Decimal:
    """What the discount takes off the whole charge."""
    return to_cents(discount.rate * charge.gross)


def difference(held: Grant, wanted: Grant) -> Grant:
    """What has to be posted by day so that `held` becomes `wanted`."""
    days = sorted(held.keys() | wanted.keys())
    amounts = {day: wanted.get(day, NOTHING) - held.get(day, NOTHING) for day in days}
    return {day: amount for day, amount in amounts.items() if amount}
