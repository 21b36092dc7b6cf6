"""What a customer owes and has paid, as it is kept; and where a receivable stands (B-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid5

NOTHING = Decimal(0)


class State(StrEnum):
    """Where a receivable stands; of a cancelled one nothing is left to be paid."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Owed:
    """An instalment of a charge, or the late fee of one (`fee_of`); in yuan.

    `amount` is what was billed less what was cancelled; of it `written_off` was given up, on the
    day `closed_on`, and not recovered. A late fee that still grows has no due date. `accrued_on` is
    the day up to which an instalment's fee was last posted; `version` counts the decisions on a
    late fee. `system`, `ref`, `issued_on` and `tariff_class` are the charge's, `customer_key` is
    that under which it was raised, for ever (R-81). `billed` is before cancellations; of a late fee
    it is what the plan asks for, of which `waived` was granted in all, last on `waived_on`.
    """

    item_id: UUID
    charge_id: UUID
    number: int
    amount: Decimal
    paid: Decimal
    due_on: date | None
    system: str
    ref: str
    issued_on: date
    tariff_class: str
    fee_of: UUID | None = None
    is_overdue: bool = False
    accrued_on: date | None = None
    version: int = 0
    customer_key: UUID | None = None
    billed: Decimal = NOTHING
    waived: Decimal = NOTHING
    waived_on: date | None = None
    written_off: Decimal = NOTHING
    closed_on: date | None = None

    @property
    def balance(self) -> Decimal:
        return self.amount - self.written_off - self.paid

    @property
    def is_late_fee(self) -> bool:
        return self.fee_of is not None


@dataclass(frozen=True, slots=True)
class Received:
    """A payment; `amount` as received, `returned` what went back since (yuan).

    `remittance` are the refs of charges that the payer names, of `remittance_system` or any.
    """

    payment_id: UUID
    system: str
    ref: str
    received_on: date
    amount: Decimal
    returned: Decimal = NOTHING
    applied: Decimal = NOTHING
    remittance: tuple[str, ...] = ()
    remittance_system: str | None = None

    @property
    def effective(self) -> Decimal:
        """What can be applied: money that was returned never paid anything."""
        return self.amount - self.returned


def item_id_of(charge_id: UUID, number: int) -> UUID:
    """The id of a charge's instalment."""
    return uuid5(charge_id, f"instalment {number}")


def fee_id_of(item_id: UUID) -> UUID:
    """The id of an instalment's late fee."""
    return uuid5(item_id, "late-fee")


def state_of(items: Iterable[Owed]) -> State:
    """The state of a receivable with these items; a fee that still grows does not keep it open."""
    items = list(items)
    if not any(item.amount for item in items):
        return State.CANCELLED
    payable = [item for item in items if item.balance > 0 and item.due_on is not None]
    if not payable:
        return State.WRITTEN_OFF if any(item.written_off for item in items) else State.SETTLED
    return State.OVERDUE if any(item.is_overdue for item in payable) else State.OPEN


def charges_named(received: Received, owed: Sequence[Owed]) -> tuple[UUID, ...]:
    """The charges among `owed` that the remittance names, in its order; by any system if silent."""
    by_ref: dict[str, dict[str, UUID]] = {}
    for item in owed:
        by_ref.setdefault(item.ref, {})[item.system] = item.charge_id
    named: list[UUID] = []
    for ref in received.remittance:
        found = by_ref.get(ref, {})
        for system in sorted(found):
            is_meant = received.remittance_system in (None, system)
            if is_meant and found[system] not in named:
                named.append(found[system])
    return tuple(named)
