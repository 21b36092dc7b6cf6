"""The chart of accounts: what money can be in the books of billing."""

from __future__ import annotations

from enum import StrEnum


class Account(StrEnum):
    """An account of the general ledger; its number and titles at the site are rows of a table."""

    BANK = "bank"
    RECEIVABLE = "receivable"
    BILLED_CLEARING = "billed_clearing"
    """Billed and not yet reported as revenue, and back: charges credit it, revenue debits it."""
    UNAPPLIED_CASH = "unapplied_cash"
    """Received from a customer and not (yet) set against a receivable."""
    DEPOSITS_HELD = "deposits_held"
    OUTPUT_VAT = "output_vat"
    REVENUE = "revenue"
    LATE_FEE_INCOME = "late_fee_income"
    DEPOSITS_FORFEITED = "deposits_forfeited"
    DEPOSIT_PENALTIES = "deposit_penalties"
    """What we pay on top of a deposit when it was we who broke our word."""
    COMPENSATIONS = "compensations"
    """What customers are credited for a complaint."""
    DISCOUNTS = "discounts"
    """What is taken off charges by an approved discount (B-27)."""
    OPENING_BALANCES = "opening_balances"
    """What customers owed and had with us when these books began."""
    BAD_DEBTS = "bad_debts"
    """Receivables that were given up, less what was recovered (B-17)."""


class Side(StrEnum):
    """The side on which an account grows."""

    DEBIT = "debit"
    CREDIT = "credit"
