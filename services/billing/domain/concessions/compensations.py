"""Compensations (赔偿): approved for a complaint, posted once, at most what the charge is worth."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class RefusedBecause(StrEnum):
    """Why a compensation could not be posted."""

    ANOTHER_CUSTOMERS_CHARGE = "another-customers-charge"
    EXCEEDS_DISPUTED_CHARGE = "exceeds-disputed-charge"


@dataclass(frozen=True, slots=True)
class DisputedCharge:
    """The charge that a case is about: what is left of it after cancellations, in yuan.

    `compensated` is what was posted for it before.
    """

    charge_id: UUID
    customer_key: UUID
    left: Decimal
    compensated: Decimal


def objection(
    customer_key: UUID, amount: Decimal, disputed: DisputedCharge | None
) -> RefusedBecause | None:
    """Why `amount` (yuan) cannot be posted for the customer; None when it can (E-37, B-18)."""
    if disputed is None:
        return None
    if disputed.customer_key != customer_key:
        return RefusedBecause.ANOTHER_CUSTOMERS_CHARGE
    if disputed.compensated + amount > disputed.left:
        return RefusedBecause.EXCEEDS_DISPUTED_CHARGE
    return None
