"""Receivables and payments as they stand, whole: what is told of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.receivables.receivables import Owed
from shared.directory.identities import present
from shared.work import Work

_CHARGES = f"""
SELECT charge_id, customer_key, system, ref, business_line, tariff_class, gross - cancelled,
    issued_on, state, version, nullif({present("charges.customer_key")}, customer_key)
FROM charges WHERE charge_id = ANY(%s::uuid[]) ORDER BY charge_id
"""
_ITEMS = """
SELECT item_id, items.charge_id, number, amount + written_off, paid, due_on, system, ref,
    issued_on, tariff_class, fee_of, is_overdue, accrued_on, items.version, items.customer_key,
    billed, waived, waived_on, written_off, closed_on
FROM items JOIN charges ON charges.charge_id = items.charge_id
WHERE items.charge_id = ANY(%s::uuid[])
ORDER BY items.charge_id, number, fee_of NULLS FIRST
"""
_SETTLED_ON = """
SELECT charge_id, max(received_on) FROM items
JOIN applications ON applications.item_id = items.item_id
JOIN payments ON payments.payment_id = applications.payment_id
WHERE charge_id = ANY(%s::uuid[]) GROUP BY charge_id
"""
_PAYMENTS = """
SELECT payment_id, customer_key, system, ref, received_on, amount - returned, applied, version
FROM payments WHERE payment_id = ANY(%s::uuid[]) ORDER BY payment_id
"""
_ALLOCATIONS = """
SELECT payment_id, charge_id, number, applications.amount, fee_of IS NOT NULL FROM applications
JOIN items ON items.item_id = applications.item_id
WHERE payment_id = ANY(%s::uuid[])
ORDER BY payment_id, event_on, charge_id, number, fee_of NULLS FIRST
"""
_CHARGE_PAGE = """
SELECT charge_id FROM charges WHERE charge_id > %s::uuid ORDER BY charge_id LIMIT %s::int4
"""


@dataclass(frozen=True, slots=True)
class Receivable:
    """A charge with everything that can be paid of it; `amount` is gross less cancellations."""

    charge_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    tariff_class: str
    amount: Decimal
    issued_on: date
    state: str
    version: int
    redirected_to: UUID | None
    items: tuple[Owed, ...]
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class PaidPart:
    """Yuan of a payment on an instalment, or on its late fee."""

    charge_id: UUID
    number: int
    amount: Decimal
    is_late_fee: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with all that it pays; `amount` is what did not go back."""

    payment_id: UUID
    customer_key: UUID
    system: str
    ref: str
    received_on: date
    amount: Decimal
    applied: Decimal
    version: int
    parts: tuple[PaidPart, ...]


async def receivables(work: Work, charge_ids: Collection[UUID]) -> list[Receivable]:
    """Charges by id, with their items, in order of id."""
    keys = sorted(charge_ids)
    if not keys:
        return []
    charges = await work.bulk(_CHARGES, keys)
    items: dict[UUID, list[Owed]] = {}
    for row in await work.bulk(_ITEMS, keys):
        items.setdefault(row[1], []).append(Owed(*row))
    settled = [row[0] for row in charges if row[8] == "settled"]
    settled_on = dict(await work.bulk(_SETTLED_ON, settled)) if settled else {}
    return [
        Receivable(*(*row, tuple(items.get(row[0], ())), settled_on.get(row[0]))) for row in charges
    ]


async def payments(work: Work, payment_ids: Collection[UUID]) -> list[Payment]:
    """Payments by id, with all that they pay, in order of id."""
    keys = sorted(payment_ids)
    if not keys:
        return []
    parts: dict[UUID, list[PaidPart]] = {}
    for payment_id, *rest in await work.bulk(_ALLOCATIONS, keys):
        parts.setdefault(payment_id, []).append(PaidPart(*rest))
    return [
        Payment(*(*row, tuple(parts.get(row[0], ())))) for row in await work.bulk(_PAYMENTS, keys)
    ]


async def page(work: Work, after: UUID | None, size: int) -> Sequence[UUID]:
    """The next charges in order of id."""
    return [key for (key,) in await work.bulk(_CHARGE_PAGE, after or UUID(int=0), size)]
