"""What is kept of a customer, and what has to change in it so that it says what the facts say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from ..arrears.late_fees import LateFee
from ..books.journal import Line
from .continuation import Marks
from .decisions import NO_DECISIONS, Decisions
from .receivables import Owed, Received

Pair = tuple[UUID, UUID]
"""Payment and item."""
Dated = tuple[UUID, date]
"""An item on a day."""


@dataclass(frozen=True, slots=True)
class Applied:
    """`amount` yuan of a payment on an item; in the books it holds from `event_on`.

    `customer_key` is the item's, which is another than the payment's where customers were merged.
    """

    amount: Decimal
    is_named: bool
    event_on: date
    customer_key: UUID | None = field(default=None, compare=False)
    is_pinned: bool = False


@dataclass(frozen=True)
class CustomerBooks:
    """What is kept of a customer: all of it (`is_whole`), or all that is still open.

    `customer_key` is who the customer is today; what was raised under the keys of customers that
    became part of it keeps theirs and is settled with the rest (R-81).

    The open part holds every item of each charge with anything open and of each charge that a new
    payment names, what pays these, and each payment with something left.

    `posted` says how much of each late fee was posted on which day, in yuan; of fees that are left
    out, all was posted on the day up to which they accrued. `decisions` are all that hold on the
    account; `written_off` is what is posted as given up of items, day by day (yuan, negative where
    it was recovered), in whole books alone.
    """

    customer_key: UUID
    marks: Marks
    owed: Sequence[Owed]
    received: Sequence[Received]
    applied: Mapping[Pair, Applied]
    is_whole: bool = False
    posted: Mapping[UUID, Mapping[date, Decimal]] = field(default_factory=dict)
    decisions: Decisions = NO_DECISIONS
    written_off: Mapping[Dated, Decimal] = field(default_factory=dict)


class FeeBecause(StrEnum):
    """Why a late fee stands otherwise than before."""

    ACCRUED = "accrued"
    SETTLED = "settled"
    RECOMPUTED = "recomputed"
    """Something came to be known late: a payment, a return, a cancellation. No waiver."""
    WAIVED = "waived"
    WAIVER_WITHDRAWN = "waiver-withdrawn"


@dataclass(frozen=True, slots=True)
class FeeDecision:
    """The late fee of an instalment as it stands now; payable once it has a due date.

    `fee` is what the plan asks for; `waived` yuan of it are not.
    """

    instalment: Owed
    fee: LateFee
    due_on: date | None
    version: int
    waived: Decimal
    because: FeeBecause

    @property
    def amount(self) -> Decimal:
        """What is to be paid, in yuan."""
        return self.fee.amount - self.waived


@dataclass
class Reckoning:
    """What has to be kept and posted so that the books say what the facts say."""

    customer_key: UUID
    marks: Marks
    reached: str = ""
    """The order of the last item that cash went to this time."""
    put: dict[Pair, Applied] = field(default_factory=dict)
    removed: list[Pair] = field(default_factory=list)
    owed: dict[UUID, Owed] = field(default_factory=dict)
    applied_of: dict[UUID, Decimal] = field(default_factory=dict)
    fees: list[FeeDecision] = field(default_factory=list)
    payment_lines: dict[UUID, list[Line]] = field(default_factory=dict)
    fee_lines: dict[UUID, tuple[Line, ...]] = field(default_factory=dict)
    waiver_lines: dict[UUID, tuple[Line, ...]] = field(default_factory=dict)
    written_off: dict[Dated, Decimal] = field(default_factory=dict)
    """What is given up of an item from a day on, where it differs; zero: nothing."""
    write_off_lines: dict[UUID, list[Line]] = field(default_factory=dict)
    """By charge."""
