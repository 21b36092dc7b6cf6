"""Double entry, written so that it cannot be out of balance (B-34).

A line moves an amount from the account that it credits to the account that it debits: both entries
are in one row, so debits equal credits whatever is written. A journal is the lines of one event;
it is never changed, only taken back by another that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from .accounts import Account


class JournalKind(StrEnum):
    """What happened."""

    OPENING = "opening"
    REVENUE = "revenue"
    RESTATEMENT = "restatement"
    CHARGE = "charge"
    CANCELLATION = "cancellation"
    PAYMENT = "payment"
    RETURN = "return"
    APPLICATION = "application"
    LATE_FEE = "late_fee"
    LATE_FEE_WAIVER = "late_fee_waiver"
    DEPOSIT = "deposit"
    COMPENSATION = "compensation"
    DISCOUNT = "discount"
    WRITE_OFF = "write_off"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` (yuan, above zero) debited to one account and credited to another.

    `event_on` is the day it belongs to. `item_id` is the receivable item whose balance it changes;
    `unit`, `business_line` and `is_increment` say whose revenue it is.
    """

    debit: Account
    credit: Account
    amount: Decimal
    event_on: date
    customer_key: UUID
    unit: str | None = None
    business_line: str | None = None
    is_increment: bool = False
    item_id: UUID | None = None

    def __post_init__(self) -> None:
        assert self.amount > 0, "a line moves an amount above zero; turn it round instead"
        assert self.debit is not self.credit, "a line moves money between two accounts"

    def turned_round(self) -> Line:
        """The line that takes this one back."""
        return replace(self, debit=self.credit, credit=self.debit)


@dataclass(frozen=True, slots=True)
class Journal:
    """The lines of one event. `source_id` is the document behind it: a posting, a charge, …

    `event_at` is the instant that the source gives; when it was written down is another matter.
    """

    journal_id: UUID
    kind: JournalKind
    source_id: UUID
    event_at: datetime
    lines: tuple[Line, ...]
    reverses: UUID | None = None


def moved(
    amount: Decimal,
    debit: Account,
    credit: Account,
    event_on: date,
    customer_key: UUID,
    *,
    item_id: UUID | None = None,
) -> tuple[Line, ...]:
    """One line for `amount` (yuan, of any sign): none for zero, turned round below zero."""
    if not amount:
        return ()
    line = Line(debit, credit, abs(amount), event_on, customer_key, item_id=item_id)
    return (line if amount > 0 else line.turned_round(),)
