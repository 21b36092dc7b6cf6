"""Payments, what went back of them, and what they pay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import orjson

from services.billing.domain.receivables.customer_books import Applied, Pair
from services.billing.domain.receivables.receivables import Received
from shared.errors import NotFound
from shared.work import Work

_INSERT = """
INSERT INTO payments (payment_id, customer_key, system, ref, fund, company_account, collected_by,
    amount, returned, applied, received_on, remittance, remittance_system, version, recorded_at)
SELECT payment_id, customer_key, system, ref, fund, company_account, collected_by, amount,
    returned, applied, received_on,
    ARRAY(SELECT jsonb_array_elements_text(remittance::jsonb)), remittance_system, 1,
    %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::numeric[], %s::numeric[], %s::numeric[], %s::date[], %s::text[], %s::text[])
    AS payment (payment_id, customer_key, system, ref, fund, company_account, collected_by, amount,
        returned, applied, received_on, remittance, remittance_system)
"""
_CHANGE = """
UPDATE payments SET applied = changed.applied, returned = changed.returned, version = version + 1
FROM unnest(%s::uuid[], %s::numeric[], %s::numeric[]) AS changed (payment_id, applied, returned)
WHERE payments.payment_id = changed.payment_id
"""
_EXISTING = "SELECT payment_id FROM payments WHERE payment_id = ANY(%s::uuid[])"
_HELD = """
SELECT payment_id, customer_key, system, ref, amount, returned, fund, received_on, version
FROM payments
WHERE payment_id = ANY(%s::uuid[])
"""
_RETURNS = "SELECT return_id FROM payment_returns WHERE return_id = ANY(%s::uuid[])"
_KEEP_RETURNS = """
INSERT INTO payment_returns (return_id, payment_id, customer_key, system, ref, amount, returned_on,
    recorded_at)
SELECT return_id, payment_id, customer_key, system, ref, amount, returned_on, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::numeric[], %s::date[])
    AS back (return_id, payment_id, customer_key, system, ref, amount, returned_on)
"""
_REMOVE = """
DELETE FROM applications USING unnest(%s::uuid[], %s::uuid[]) AS gone (payment_id, item_id)
WHERE applications.payment_id = gone.payment_id AND applications.item_id = gone.item_id
"""
_PUT = """
INSERT INTO applications (payment_id, item_id, customer_key, amount, is_named, event_on, is_pinned)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::numeric[], %s::bool[], %s::date[],
    %s::bool[])
ON CONFLICT (payment_id, item_id) DO UPDATE SET amount = excluded.amount,
    is_named = excluded.is_named, event_on = excluded.event_on, is_pinned = excluded.is_pinned
"""


class UnknownPayment(NotFound):
    """No such payment, or none that the caller may know of."""

    code = "unknown-payment"
    title_zh = "没有此收款"
    title_en = "No such payment"


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment on its way into the books: `fund` says where the money is taken from."""

    received: Received
    customer_key: UUID
    fund: str
    company_account: str | None = None
    collected_by: str | None = None


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """A payment as far as returning it goes; amounts in yuan."""

    payment_id: UUID
    customer_key: UUID
    system: str
    ref: str
    amount: Decimal
    returned: Decimal
    fund: str
    received_on: date
    version: int


@dataclass(frozen=True, slots=True)
class Return:
    """Money (yuan) of a payment that went back, on the day that its sender says."""

    return_id: UUID
    payment_id: UUID
    customer_key: UUID
    system: str
    ref: str
    amount: Decimal
    returned_on: date


async def insert(
    work: Work, payments: Sequence[NewPayment], applied: Mapping[UUID, Decimal]
) -> None:
    """Add payments with what is `applied` of each (yuan) already."""
    rows = [
        (
            payment.received.payment_id,
            payment.customer_key,
            payment.received.system,
            payment.received.ref,
            payment.fund,
            payment.company_account,
            payment.collected_by,
            payment.received.amount,
            payment.received.returned,
            applied.get(payment.received.payment_id, Decimal(0)),
            payment.received.received_on,
            _as_json(payment.received.remittance),
            payment.received.remittance_system,
        )
        for payment in payments
    ]
    if rows:
        await work.bulk(_INSERT, work.now, *(list(column) for column in zip(*rows, strict=True)))


async def change(work: Work, changed: Mapping[UUID, tuple[Decimal, Decimal]]) -> None:
    """Give payments what is applied and what was returned of them (yuan), and the next version."""
    if changed:
        keys = sorted(changed)
        columns = [changed[key][0] for key in keys], [changed[key][1] for key in keys]
        await work.bulk(_CHANGE, keys, *columns)


async def existing(work: Work, payment_ids: Collection[UUID]) -> set[UUID]:
    """Those of `payment_ids` that are in the books."""
    if not payment_ids:
        return set()
    return {key for (key,) in await work.bulk(_EXISTING, sorted(payment_ids))}


async def held(work: Work, payment_ids: Collection[UUID]) -> dict[UUID, HeldPayment]:
    """Payments by id; those not known are left out. Their customers' accounts are the lock."""
    rows = await work.bulk(_HELD, sorted(payment_ids)) if payment_ids else []
    return {row[0]: HeldPayment(*row) for row in rows}


async def returns(work: Work, return_ids: Collection[UUID]) -> set[UUID]:
    """Those of `return_ids` that are returns in the books."""
    rows = await work.bulk(_RETURNS, sorted(return_ids)) if return_ids else []
    return {key for (key,) in rows}


async def keep_returns(work: Work, back: Sequence[Return]) -> None:
    """Keep what went back."""
    if back:
        await work.bulk(
            _KEEP_RETURNS,
            work.now,
            [each.return_id for each in back],
            [each.payment_id for each in back],
            [each.customer_key for each in back],
            [each.system for each in back],
            [each.ref for each in back],
            [each.amount for each in back],
            [each.returned_on for each in back],
        )


async def remove_applications(work: Work, pairs: Iterable[Pair]) -> None:
    """Forget that payments pay items; the journal remembers."""
    gone = sorted(pairs)
    if gone:
        await work.bulk(_REMOVE, [pair[0] for pair in gone], [pair[1] for pair in gone])


async def put_applications(work: Work, put: Mapping[Pair, tuple[UUID, Applied]]) -> None:
    """Let payments pay items, as (customer, how much)."""
    if put:
        pairs = sorted(put)
        await work.bulk(
            _PUT,
            [pair[0] for pair in pairs],
            [pair[1] for pair in pairs],
            [put[pair][0] for pair in pairs],
            [put[pair][1].amount for pair in pairs],
            [put[pair][1].is_named for pair in pairs],
            [put[pair][1].event_on for pair in pairs],
            [put[pair][1].is_pinned for pair in pairs],
        )


def _as_json(remittance: tuple[str, ...]) -> str:
    # Arrays of arrays must be rectangular in PostgreSQL, and remittances are of any length.
    return "[]" if not remittance else orjson.dumps(remittance).decode()
