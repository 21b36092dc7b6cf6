"""Where a receivable stands: open, overdue, settled or cancelled (B-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

NOTHING = Decimal(0)


class State(StrEnum):
    """Where a receivable stands; of a cancelled one nothing is left to be paid."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ItemBalance:
    """An instalment or a late fee as it stands: yuan billed less cancelled, and yuan paid.

    A late fee that still grows has no due date yet. `is_overdue` was decided on a business date.
    """

    item_id: UUID
    number: int
    amount: Decimal
    paid: Decimal
    due_on: date | None
    is_late_fee: bool = False
    is_overdue: bool = False

    @property
    def balance(self) -> Decimal:
        return self.amount - self.paid


def state_of(items: Sequence[ItemBalance]) -> State:
    """The state of a receivable with these items; a growing late fee does not keep it open."""
    if not any(item.amount for item in items):
        return State.CANCELLED
    payable = [item for item in items if item.balance > 0 and item.due_on is not None]
    if not payable:
        return State.SETTLED
    return State.OVERDUE if any(item.is_overdue for item in payable) else State.OPEN


def settled_on(items: Sequence[ItemBalance], received: Iterable[date]) -> date | None:
    """The day the last money for a settled receivable was received; None while it is not."""
    if state_of(items) is not State.SETTLED:
        return None
    return max(received, default=None)
