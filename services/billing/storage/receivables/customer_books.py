"""The accounts of customers with us: their lock, how far cash has come, what is waited for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.billing.domain.receivables.continuation import Marks
from services.billing.storage.credit import groups
from shared.directory import identities
from shared.work import Work

_OPEN_POSITIONS = """
INSERT INTO positions (customer_key, payment_mark, item_mark, decisions)
SELECT customer_key, '', '', 0 FROM unnest(%s::uuid[]) AS customer (customer_key)
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT customer_key, payment_mark, item_mark, decisions FROM positions
WHERE customer_key = ANY(%s::uuid[]) ORDER BY customer_key FOR UPDATE
"""
_MARK = """
UPDATE positions SET payment_mark = mark.payment_mark, item_mark = mark.item_mark
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS mark (customer_key, payment_mark, item_mark)
WHERE positions.customer_key = mark.customer_key
"""

_MONEY_LEFT = """
SELECT DISTINCT customer_key FROM payments
WHERE customer_key = ANY(%s::uuid[]) AND applied < amount - returned
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
_TIED = """
SELECT items.customer_key FROM payments
JOIN applications USING (payment_id) JOIN items USING (item_id)
WHERE payments.customer_key = ANY(%s::uuid[])
UNION
SELECT payments.customer_key FROM items
JOIN applications USING (item_id) JOIN payments USING (payment_id)
WHERE items.customer_key = ANY(%s::uuid[])
UNION
SELECT granted.customer_key FROM discounts JOIN granted_discounts granted USING (discount_id)
WHERE discounts.customer_key = ANY(%s::uuid[])
"""
_AWAIT = """
INSERT INTO awaited_charges (customer_key, ref)
SELECT customer_key, ref FROM unnest(%s::uuid[], %s::text[]) AS named (customer_key, ref)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a customer; `members` are all keys under which it stands, sorted (R-81).

    `decisions` is how many pins, bars and write-offs hold on it.
    """

    marks: Marks
    members: tuple[UUID, ...]
    decisions: int = 0


async def lock(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, Account]:
    """Hold customers' accounts until the work ends, and see how far cash has come in each.

    Returned by who the customers are today. An account comes with those of all customers that are
    part of it. The account of its head office is held with it: who holds that one knows what the
    whole group owes, and nobody adds to it meanwhile (B-34).
    """
    wanted = sorted(set(customer_keys))
    if not wanted:
        return {}
    members, heads = await _who(work, wanted)
    while True:
        keys = sorted({key for own in members.values() for key in own} | set(heads.values()))
        await work.bulk(_OPEN_POSITIONS, keys)
        held = {key: rest for key, *rest in await work.bulk(_LOCK, keys)}
        now = await _who(work, wanted)
        if now == (members, heads):  # a merge or a new head office may have come before the lock
            return {
                root: Account(Marks(*held[root][:2]), own, sum(held[key][2] for key in own))
                for root, own in members.items()
            }
        members, heads = now


async def _who(
    work: Work, customer_keys: Collection[UUID]
) -> tuple[dict[UUID, tuple[UUID, ...]], dict[UUID, UUID]]:
    """Who these are today with all their keys, and the head office of each."""
    members = await identities.members(work, customer_keys)
    return members, await groups.groups_of(work, members)


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


async def tied_to(work: Work, customer_keys: Collection[UUID]) -> set[UUID]:
    """Mates of a former merge: all whose items these pay, who pay theirs, who had their discounts.

    Themselves too, as far as they pay anything.
    """
    keys = sorted(customer_keys)
    return {key for (key,) in await work.bulk(_TIED, keys, keys, keys)}
