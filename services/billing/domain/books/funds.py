"""Where the money of a payment is taken from."""

from __future__ import annotations

from enum import StrEnum


class Fund(StrEnum):
    """What stands behind a payment; the table of payments takes these and no others."""

    BANK = "bank"
    """Received from outside, into an account of the company (B-36)."""
    DEPOSIT = "deposit"
    """A deposit that pays an instalment of its contract (B-08)."""
    COMPENSATION = "compensation"
    """What a customer is credited for a complaint."""
    OPENING = "opening"
    """What a customer had with us when these books began."""
    DISCOUNT = "discount"
    """What an approved discount takes off a charge (B-27)."""
