"""How customers are kept and found: set-based, in binary, for the hot paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.envelope import CustomerReference
from shared.contracts.registry import CustomerChanged
from shared.work import Work

_UPSERT = """
INSERT INTO kit.customers AS held
    (customer_key, customer_id, state, is_developed, name, short_name, kind, division_code,
     industry, head_office_key, specialty_class, visit_class, is_one_off, is_opening,
     declared_on, approved_on, registered_on, suspended_on, closed_on, version)
SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::bool[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::bool[], %s::bool[],
    %s::date[], %s::date[], %s::date[], %s::date[], %s::date[], %s::int4[])
ON CONFLICT (customer_key) DO UPDATE
    SET customer_id = excluded.customer_id, state = excluded.state,
        is_developed = excluded.is_developed, name = excluded.name,
        short_name = excluded.short_name, kind = excluded.kind,
        division_code = excluded.division_code, industry = excluded.industry,
        head_office_key = excluded.head_office_key,
        specialty_class = excluded.specialty_class, visit_class = excluded.visit_class,
        is_one_off = excluded.is_one_off, is_opening = excluded.is_opening,
        declared_on = excluded.declared_on, approved_on = excluded.approved_on,
        registered_on = excluded.registered_on, suspended_on = excluded.suspended_on,
        closed_on = excluded.closed_on, version = excluded.version
    WHERE held.version < excluded.version
RETURNING customer_key
"""
_DROP_CODES = "DELETE FROM kit.customer_codes WHERE customer_key = ANY(%s::uuid[])"
_ADD_CODES = """
INSERT INTO kit.customer_codes (system, code, customer_key)
SELECT * FROM unnest(%s::text[], %s::text[], %s::uuid[])
ON CONFLICT DO NOTHING
"""

# Two customers hold one code only until the fact that took it from one of them has come.
_BY_CODE = """
SELECT wanted.system || ':' || wanted.code, min(customers.customer_key::text)::uuid
FROM unnest(%s::text[], %s::text[]) AS wanted (system, code)
JOIN kit.customer_codes codes ON codes.system = wanted.system AND codes.code = wanted.code
JOIN kit.customers customers ON customers.customer_key = codes.customer_key
WHERE customers.is_developed OR NOT %s::bool
GROUP BY 1
"""
_BY_ID = """
SELECT 'id:' || customer_id, min(customer_key::text)::uuid FROM kit.customers
WHERE customer_id = ANY(%s::text[]) AND (is_developed OR NOT %s::bool)
GROUP BY 1
"""
_BY_KEY = """
SELECT 'key:' || customer_key, customer_key FROM kit.customers
WHERE customer_key = ANY(%s::uuid[]) AND (is_developed OR NOT %s::bool)
"""
_HELD = """
SELECT customer_key, is_developed, customer_id,
       ARRAY(SELECT system || ':' || code FROM kit.customer_codes codes
             WHERE codes.customer_key = customers.customer_key)
FROM kit.customers WHERE customer_key = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What was known of a customer before a fact came."""

    is_developed: bool
    names: frozenset[str]


async def held(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, Held]:
    """What is known of each of `customer_keys`; those not known are left out."""
    return {
        key: Held(
            is_developed,
            frozenset({f"key:{key}", *codes} | ({f"id:{customer_id}"} if customer_id else set())),
        )
        for key, is_developed, customer_id, codes in await work.bulk(_HELD, list(customer_keys))
    }


async def keep(
    work: Work, customers: Sequence[CustomerChanged], developed: Sequence[bool]
) -> set[UUID]:
    """Keep `customers` (sorted by key) where they are newer than what is held; return which."""
    columns = [
        (
            each.customer_key,
            each.customer_id,
            each.state.value,
            is_developed,
            each.name,
            each.short_name,
            each.kind,
            each.division_code,
            each.industry,
            each.head_office_key,
            each.specialty_class,
            each.visit_class,
            each.is_one_off,
            each.is_opening,
            each.declared_on,
            each.approved_on,
            each.registered_on,
            each.suspended_on,
            each.closed_on,
            each.entity.version,
        )
        for each, is_developed in zip(customers, developed, strict=True)
    ]
    rows = await work.bulk(_UPSERT, *(list(column) for column in zip(*columns, strict=True)))
    changed = {key for (key,) in rows}
    if changed:
        await _keep_codes(work, [each for each in customers if each.customer_key in changed])
    return changed


async def _keep_codes(work: Work, customers: Sequence[CustomerChanged]) -> None:
    await work.bulk(_DROP_CODES, [each.customer_key for each in customers])
    codes = sorted(
        (code.system, code.code, each.customer_key) for each in customers for code in each.codes
    )
    if codes:
        await work.bulk(_ADD_CODES, *(list(column) for column in zip(*codes, strict=True)))


async def find(
    work: Work, references: Sequence[CustomerReference], developed: bool
) -> dict[str, UUID]:
    """Customers by reference key; one query for each way of naming that occurs."""
    codes = [(each.system, each.code) for each in references if each.code is not None]
    ids = [each.customer_id for each in references if each.customer_id is not None]
    keys = [each.customer_key for each in references if each.customer_key is not None]
    found: dict[str, UUID] = {}
    if codes:
        systems, names = zip(*sorted(set(codes)), strict=True)
        found |= dict(await work.bulk(_BY_CODE, list(systems), list(names), developed))
    if ids:
        found |= dict(await work.bulk(_BY_ID, sorted(set(ids)), developed))
    if keys:
        found |= dict(await work.bulk(_BY_KEY, sorted(set(keys)), developed))
    return found
