"""Charges and what can be paid of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.billing.domain.receivables.cancellations import Taking
from services.billing.domain.receivables.charges import Charge
from services.billing.domain.receivables.receivables import Owed
from shared.errors import NotFound
from shared.money import to_cents
from shared.work import Work

_INSERT = """
INSERT INTO charges (charge_id, customer_key, system, ref, business_line, tariff_class, gross, tax,
    cancelled, issued_on, state, version, event_at, recorded_at)
SELECT charge_id, customer_key, system, ref, business_line, tariff_class, gross, tax, 0, issued_on,
    state, 1, event_at, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[],
    %s::numeric[], %s::date[], %s::text[], %s::timestamptz[])
    AS charge (charge_id, customer_key, system, ref, business_line, tariff_class, gross, tax,
        issued_on, state, event_at)
"""
_PUT_ITEMS = """
INSERT INTO items AS held (item_id, charge_id, customer_key, fee_of, number, due_on, billed, amount,
    paid, is_overdue, accrued_on, version, waived, waived_on, written_off, closed_on)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int4[], %s::date[],
    %s::numeric[], %s::numeric[], %s::numeric[], %s::bool[], %s::date[], %s::int4[], %s::numeric[],
    %s::date[], %s::numeric[], %s::date[])
ON CONFLICT (item_id) DO UPDATE SET due_on = excluded.due_on, amount = excluded.amount,
    billed = CASE WHEN excluded.fee_of IS NULL THEN held.billed ELSE excluded.billed END,
    paid = excluded.paid, is_overdue = excluded.is_overdue, accrued_on = excluded.accrued_on,
    version = excluded.version, waived = excluded.waived, waived_on = excluded.waived_on,
    written_off = excluded.written_off, closed_on = excluded.closed_on
"""
_CHANGE = """
UPDATE charges SET state = changed.state, version = version + 1
FROM unnest(%s::uuid[], %s::text[]) AS changed (charge_id, state)
WHERE charges.charge_id = changed.charge_id
"""
_EXISTING = "SELECT charge_id FROM charges WHERE charge_id = ANY(%s::uuid[])"
_HELD = """
SELECT charge_id, customer_key, system, ref, business_line, tariff_class, gross, tax, cancelled,
    issued_on FROM charges
WHERE charge_id = ANY(%s::uuid[])
"""
_TAKINGS = """
SELECT charge_id, cancelled_on, system, ref, amount FROM charge_cancellations
WHERE charge_id = ANY(%s::uuid[])
"""
_INSTALMENTS = """
SELECT charge_id, item_id, number, billed, due_on FROM items
WHERE charge_id = ANY(%s::uuid[]) AND fee_of IS NULL ORDER BY charge_id, number
"""
_CANCEL = """
UPDATE charges SET cancelled = cancelled + taken.amount
FROM unnest(%s::uuid[], %s::numeric[]) AS taken (charge_id, amount)
WHERE charges.charge_id = taken.charge_id
"""
_KEEP_CANCELLATIONS = """
INSERT INTO charge_cancellations (cancellation_id, charge_id, customer_key, system, ref, amount,
    tax, cancelled_on, recorded_at)
SELECT cancellation_id, charge_id, customer_key, system, ref, amount, tax, cancelled_on,
    %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::numeric[],
    %s::numeric[], %s::date[])
    AS taken (cancellation_id, charge_id, customer_key, system, ref, amount, tax, cancelled_on)
"""


class UnknownReceivable(NotFound):
    """No such receivable, or none that the caller may know of."""

    code = "unknown-receivable"
    title_zh = "没有此应收"
    title_en = "No such receivable"


@dataclass(frozen=True, slots=True)
class HeldCharge:
    """A charge as far as cancelling and correcting it goes; amounts in yuan."""

    charge_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    tariff_class: str
    gross: Decimal
    tax: Decimal
    cancelled: Decimal
    issued_on: date

    @property
    def left(self) -> Decimal:
        """What it still asks for."""
        return self.gross - self.cancelled

    def tax_of(self, amount: Decimal) -> Decimal:
        """The VAT in `amount` yuan more of the same."""
        return to_cents(amount * self.tax / self.gross)


@dataclass(frozen=True, slots=True)
class BilledItem:
    """An instalment as it was billed."""

    item_id: UUID
    number: int
    amount: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A part of a charge (gross yuan) that was taken back, with the VAT left in it less.

    In which instalment and on which day that counts is a matter of all of them (`taken_back`).
    """

    cancellation_id: UUID
    charge_id: UUID
    customer_key: UUID
    system: str
    ref: str
    amount: Decimal
    tax: Decimal
    cancelled_on: date


async def insert(
    work: Work, charges: Sequence[tuple[Charge, datetime]], states: Mapping[UUID, str]
) -> None:
    """Add charges as (charge, instant of the fact), each in its first state."""
    if not charges:
        return
    rows = [
        (
            charge.charge_id,
            charge.customer_key,
            charge.system,
            charge.ref,
            charge.business_line,
            charge.tariff_class,
            charge.gross,
            charge.tax,
            charge.issued_on,
            states[charge.charge_id],
            event_at,
        )
        for charge, event_at in charges
    ]
    await work.bulk(_INSERT, work.now, *(list(column) for column in zip(*rows, strict=True)))


async def put_items(work: Work, items: Iterable[tuple[UUID, Owed]]) -> None:
    """Add or change items as (customer, item), in the order of their ids."""
    rows = [
        (
            item.item_id,
            item.charge_id,
            customer_key,
            item.fee_of,
            item.number,
            item.due_on,
            item.billed if item.is_late_fee else item.amount,
            item.amount - item.written_off,
            item.paid,
            item.is_overdue,
            item.accrued_on,
            item.version,
            item.waived,
            item.waived_on,
            item.written_off,
            item.closed_on,
        )
        for customer_key, item in sorted(items, key=lambda pair: pair[1].item_id)
    ]
    if rows:
        await work.bulk(_PUT_ITEMS, *(list(column) for column in zip(*rows, strict=True)))


async def change(work: Work, states: Mapping[UUID, str]) -> None:
    """Give charges their state and the next version."""
    if states:
        keys = sorted(states)
        await work.bulk(_CHANGE, keys, [states[key] for key in keys])


async def existing(work: Work, charge_ids: Collection[UUID]) -> set[UUID]:
    """Those of `charge_ids` that are in the books."""
    if not charge_ids:
        return set()
    return {key for (key,) in await work.bulk(_EXISTING, sorted(charge_ids))}


async def held(work: Work, charge_ids: Collection[UUID]) -> dict[UUID, HeldCharge]:
    """Charges by id; those not known are left out. Their customers' accounts are the lock."""
    rows = await work.bulk(_HELD, sorted(charge_ids)) if charge_ids else []
    return {row[0]: HeldCharge(*row) for row in rows}


async def instalments(work: Work, charge_ids: Collection[UUID]) -> dict[UUID, list[BilledItem]]:
    """The instalments of charges as they were billed, by number."""
    found: dict[UUID, list[BilledItem]] = {}
    for charge_id, *rest in await work.bulk(_INSTALMENTS, sorted(charge_ids)):
        found.setdefault(charge_id, []).append(BilledItem(*rest))
    return found


async def takings(work: Work, charge_ids: Collection[UUID]) -> dict[UUID, list[Taking]]:
    """What was taken back of charges so far."""
    found: dict[UUID, list[Taking]] = {}
    for charge_id, *rest in await work.bulk(_TAKINGS, sorted(charge_ids)):
        found.setdefault(charge_id, []).append(Taking(*rest))
    return found


async def cancel(work: Work, cancellations: Sequence[Cancellation]) -> None:
    """Keep what was taken back of charges."""
    if not cancellations:
        return
    ordered = sorted(cancellations, key=lambda each: each.charge_id)
    amounts: dict[UUID, Decimal] = {}
    for each in ordered:
        amounts[each.charge_id] = amounts.get(each.charge_id, Decimal(0)) + each.amount
    await work.bulk(_CANCEL, list(amounts), list(amounts.values()))
    await work.bulk(
        _KEEP_CANCELLATIONS,
        work.now,
        [each.cancellation_id for each in ordered],
        [each.charge_id for each in ordered],
        [each.customer_key for each in ordered],
        [each.system for each in ordered],
        [each.ref for each in ordered],
        [each.amount for each in ordered],
        [each.tax for each in ordered],
        [each.cancelled_on for each in ordered],
    )
