"""Merged customers: rows keep their original key for ever, who is who is resolved on read."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.contracts.registry import CustomerIdentityChanged
from shared.directory.newest import newest
from shared.messaging.cloudevents import Fact
from shared.work import Work

SAME_CUSTOMER = """
ANY (ARRAY(
    SELECT CAST(:customer_key AS uuid)
    UNION
    SELECT unnest(ARRAY[mate.root, mate.customer_key]) FROM kit.identities mate
    WHERE mate.root = coalesce(
        (SELECT own.root FROM kit.identities own WHERE own.customer_key = :customer_key),
        :customer_key)
))
"""
"""All keys under which rows of the customer :customer_key may stand, for `key = …` (R-81)."""


def present(column: str) -> str:
    """SQL for who the customer of `column` is today: the survivor, or itself (R-81)."""
    return (
        f"coalesce((SELECT known.root FROM kit.identities known"
        f" WHERE known.customer_key = {column}), {column})"
    )


def is_itself(column: str) -> str:
    """SQL for whether the customer of `column` is part of no other today (R-81)."""
    return (
        f"NOT EXISTS (SELECT FROM kit.identities known"
        f" WHERE known.customer_key = {column} AND known.root <> known.customer_key)"
    )


_UPSERT = """
INSERT INTO kit.identities AS held (customer_key, survivor, root, version)
SELECT customer_key, survivor, customer_key, version
FROM unnest(%s::uuid[], %s::uuid[], %s::int4[]) AS told (customer_key, survivor, version)
ON CONFLICT (customer_key) DO UPDATE
    SET survivor = excluded.survivor, version = excluded.version
    WHERE held.version < excluded.version
RETURNING customer_key
"""

# The root is where a chain of survivors ends. A chain that comes back to itself has no end, and
# can be read while facts are under way out of order: then everybody in it is himself.
_ROOTS = """
WITH RECURSIVE walk (customer_key, at, seen) AS (
    SELECT customer_key, customer_key, ARRAY[customer_key] FROM kit.identities
    UNION ALL
    SELECT walk.customer_key, step.survivor, walk.seen || step.survivor
    FROM walk JOIN kit.identities step ON step.customer_key = walk.at
    WHERE step.survivor IS NOT NULL AND step.survivor <> ALL (walk.seen)
), ended AS (
    SELECT walk.customer_key, walk.at AS root FROM walk
    LEFT JOIN kit.identities step ON step.customer_key = walk.at
    WHERE step.survivor IS NULL
)
UPDATE kit.identities held SET root = coalesce(ended.root, own.customer_key)
FROM kit.identities own LEFT JOIN ended ON ended.customer_key = own.customer_key
WHERE held.customer_key = own.customer_key
    AND held.root <> coalesce(ended.root, own.customer_key)
"""

_MEMBERS = """
WITH wanted AS (
    SELECT key AS customer_key, coalesce(known.root, key) AS root
    FROM unnest(%s::uuid[]) AS key LEFT JOIN kit.identities known ON known.customer_key = key
)
SELECT customer_key, root FROM wanted
UNION
SELECT mate.customer_key, mate.root FROM kit.identities mate JOIN wanted ON wanted.root = mate.root
"""


async def follow(work: Work, facts: list[Fact[CustomerIdentityChanged]]) -> None:
    """Keep the newest survivor of every customer and resolve all chains anew."""
    # One at a time: a chain may run over customers of two transactions.
    await work.run("SELECT pg_advisory_xact_lock(hashtextextended('kit.identities', 0))")
    told = newest(facts, lambda identity: identity.customer_key)
    changed = await work.bulk(
        _UPSERT,
        [identity.customer_key for identity in told],
        [identity.survivor for identity in told],
        [identity.entity.version for identity in told],
    )
    if changed:
        await work.run(_ROOTS)


async def roots(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who each of `customer_keys` is today: the last survivor of its chain, or itself."""
    keys = sorted(set(customer_keys))
    rows = await work.bulk(
        "SELECT customer_key, root FROM kit.identities WHERE customer_key = ANY(%s::uuid[])", keys
    )
    return {key: key for key in keys} | dict(rows)


async def same_customer(work: Work, customer_key: UUID) -> list[UUID]:
    """All keys under which the customer's rows may stand, its own included, sorted."""
    root = (await roots(work, [customer_key]))[customer_key]
    rows = await work.bulk("SELECT customer_key FROM kit.identities WHERE root = %s::uuid", root)
    return sorted({customer_key, root, *(key for (key,) in rows)})


async def are_same(work: Work, one: UUID, other: UUID) -> bool:
    """Whether both keys are the same customer today (R-81)."""
    present = await roots(work, (one, other))
    return present[one] == present[other]


async def members(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Who `customer_keys` are today, each with all keys under which its rows may stand, sorted."""
    found: dict[UUID, set[UUID]] = {}
    for key, root in await work.bulk(_MEMBERS, sorted(set(customer_keys))):
        found.setdefault(root, {root}).add(key)
    return {root: tuple(sorted(found[root])) for root in sorted(found)}


async def would_be_cycle(work: Work, customer_key: UUID, survivor: UUID) -> bool:
    """Whether merging `customer_key` into `survivor` would make a chain without an end."""
    return (await roots(work, [survivor]))[survivor] == customer_key
