"""The account of customers with us: loaded and saved for many at once, under their lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.domain.continuation import Marks
from services.billing.domain.customer_books import Applied, CustomerBooks, Pair
from services.billing.domain.receivables import Owed, Received
from shared.work import Work

_OPEN_POSITIONS = """
INSERT INTO positions (customer_key, payment_mark, item_mark)
SELECT customer_key, '', '' FROM unnest(%s::uuid[]) AS customer (customer_key)
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT customer_key, payment_mark, item_mark FROM positions
WHERE customer_key = ANY(%s::uuid[]) ORDER BY customer_key FOR UPDATE
"""
_MARK = """
UPDATE positions SET payment_mark = mark.payment_mark, item_mark = mark.item_mark
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS mark (customer_key, payment_mark, item_mark)
WHERE positions.customer_key = mark.customer_key
"""

_OWED = """
SELECT items.customer_key, item_id, items.charge_id, number, amount, paid, due_on, system, ref,
    issued_on, tariff_class, fee_of, is_overdue, accrued_on, items.version
FROM items JOIN charges ON charges.charge_id = items.charge_id
"""
# Whole charges, of which something is open or which are named; the open ones in the order in which
# cash pays them, so that a few are enough for a customer with a hundred thousand.
_OWED_OPEN = f"""
{_OWED}
WHERE items.charge_id IN (
    SELECT due.charge_id FROM unnest(%s::uuid[]) AS customer (customer_key),
    LATERAL (
        SELECT open.charge_id FROM items open JOIN charges ON charges.charge_id = open.charge_id
        WHERE open.customer_key = customer.customer_key AND paid < amount
        ORDER BY due_on, system COLLATE "C", ref COLLATE "C", number, fee_of IS NOT NULL
        LIMIT %s::int4
    ) due
    UNION
    SELECT charge_id FROM charges
    JOIN unnest(%s::uuid[], %s::text[]) AS named (customer_key, ref) USING (customer_key, ref))
"""
_OWED_WHOLE = f"{_OWED} WHERE items.customer_key = ANY(%s::uuid[])"

_RECEIVED = """
SELECT customer_key, payment_id, system, ref, received_on, amount, returned, applied, remittance,
    remittance_system
FROM payments
"""
_RECEIVED_OPEN = f"""
{_RECEIVED} WHERE customer_key = ANY(%s::uuid[]) AND applied < amount - returned
UNION
{_RECEIVED} WHERE payment_id = ANY(%s::uuid[])
"""
_RECEIVED_WHOLE = f"{_RECEIVED} WHERE customer_key = ANY(%s::uuid[])"

_MONEY_LEFT = """
SELECT DISTINCT customer_key FROM payments
WHERE customer_key = ANY(%s::uuid[]) AND applied < amount - returned
"""

_APPLIED = "SELECT customer_key, payment_id, item_id, amount, is_named, event_on FROM applications"
_APPLIED_OPEN = f"{_APPLIED} WHERE item_id = ANY(%s::uuid[])"
_APPLIED_WHOLE = f"""
{_APPLIED} WHERE payment_id IN (
    SELECT payment_id FROM payments WHERE customer_key = ANY(%s::uuid[]))
"""

_LOOKED_FOR = """
WITH raised AS (
    SELECT * FROM unnest(%s::uuid[], %s::text[]) AS raised (customer_key, ref)
), taken AS (
    DELETE FROM awaited_charges USING raised
    WHERE awaited_charges.customer_key = raised.customer_key
        AND awaited_charges.ref = raised.ref
    RETURNING awaited_charges.customer_key
)
SELECT customer_key FROM taken
UNION
SELECT customer_key FROM charges JOIN raised USING (customer_key, ref)
"""
_AWAIT = """
INSERT INTO awaited_charges (customer_key, ref)
SELECT customer_key, ref FROM unnest(%s::uuid[], %s::text[]) AS named (customer_key, ref)
ON CONFLICT DO NOTHING
"""


async def lock(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, Marks]:
    """Hold customers' accounts until the work ends, and see how far cash has come in each."""
    keys = sorted(set(customer_keys))
    if not keys:
        return {}
    await work.bulk(_OPEN_POSITIONS, keys)
    return {key: Marks(*marks) for key, *marks in await work.bulk(_LOCK, keys)}


async def mark(work: Work, marks: Mapping[UUID, Marks]) -> None:
    """Note how far cash has come."""
    if marks:
        keys = sorted(marks)
        await work.bulk(
            _MARK, keys, [marks[key].payment for key in keys], [marks[key].item for key in keys]
        )


async def with_money_left(work: Work, customer_keys: Collection[UUID]) -> set[UUID]:
    """Customers with a payment of which something is not applied."""
    if not customer_keys:
        return set()
    return {key for (key,) in await work.bulk(_MONEY_LEFT, sorted(customer_keys))}


async def load_open(
    work: Work,
    marks: Mapping[UUID, Marks],
    named: Collection[tuple[UUID, str]],
    *,
    without: Collection[UUID] = (),
    first: int | None = None,
) -> dict[UUID, CustomerBooks]:
    """What is open of each customer in `marks`, and the charges `named` as (customer, ref).

    Of customers in `without` only what is named; of the others the `first` items that are due, if
    a number is given. They may have a hundred thousand open items.
    """
    if not marks:
        return {}
    keys = sorted(marks.keys() - set(without))
    pairs = sorted((key, ref) for key, ref in named if key in marks)
    owed = await work.bulk(
        _OWED_OPEN, keys, first, [key for key, _ in pairs], [ref for _, ref in pairs]
    )
    applied = await work.bulk(_APPLIED_OPEN, [row[1] for row in owed]) if owed else []
    paying = sorted({row[1] for row in applied})
    received = await work.bulk(_RECEIVED_OPEN, keys, paying) if keys or paying else []
    return _books(marks, owed, received, applied, is_whole=False)


async def load_whole(work: Work, marks: Mapping[UUID, Marks]) -> dict[UUID, CustomerBooks]:
    """All that was ever charged to, received from and applied for each customer in `marks`."""
    keys = sorted(marks)
    if not keys:
        return {}
    owed = await work.bulk(_OWED_WHOLE, keys)
    received = await work.bulk(_RECEIVED_WHOLE, keys)
    return _books(marks, owed, received, await work.bulk(_APPLIED_WHOLE, keys), is_whole=True)


async def looked_for(work: Work, raised: Collection[tuple[UUID, str]]) -> set[UUID]:
    """Customers with a remittance that may mean one of the charges `raised`, as (customer, ref).

    It named the charge before it was known, or another system has a charge of that number.
    """
    if not raised:
        return set()
    pairs = sorted(raised)
    columns = [key for key, _ in pairs], [ref for _, ref in pairs]
    return {key for (key,) in await work.bulk(_LOOKED_FOR, *columns)}


async def await_charges(work: Work, named: Collection[tuple[UUID, str]]) -> None:
    """Remember charges that a remittance names and nobody has raised yet."""
    if named:
        pairs = sorted(named)
        await work.bulk(_AWAIT, [key for key, _ in pairs], [ref for _, ref in pairs])


def _books(
    marks: Mapping[UUID, Marks],
    owed_rows: Sequence[tuple[Any, ...]],
    received_rows: Sequence[tuple[Any, ...]],
    applied_rows: Sequence[tuple[Any, ...]],
    *,
    is_whole: bool,
) -> dict[UUID, CustomerBooks]:
    owed: dict[UUID, list[Owed]] = {}
    received: dict[UUID, list[Received]] = {}
    applied: dict[UUID, dict[Pair, Applied]] = {}
    for key, *rest in owed_rows:
        owed.setdefault(key, []).append(Owed(*rest))
    for key, *head, remittance, system in received_rows:
        received.setdefault(key, []).append(Received(*(*head, tuple(remittance), system)))
    for key, payment_id, item_id, *rest in applied_rows:
        applied.setdefault(key, {})[payment_id, item_id] = Applied(*rest)
    return {
        key: CustomerBooks(
            key,
            marks[key],
            owed.get(key, []),
            received.get(key, []),
            applied.get(key, {}),
            is_whole,
        )
        for key in marks
    }


async def with_overdue(work: Work, on: date, which: str) -> list[UUID]:
    """Customers with an unpaid instalment that was due before `on`, in order of key.

    `which` is SQL that narrows the instalments down; it may use `:on`.
    """
    rows = await work.rows(
        "SELECT DISTINCT customer_key FROM items"
        f" WHERE fee_of IS NULL AND paid < amount AND due_on < :on AND {which}"
        " ORDER BY customer_key",
        on=on,
    )
    return [row["customer_key"] for row in rows]
