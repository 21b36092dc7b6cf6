"""What registry noticed of a customer's business, and what of it speaks in a dispute (R-37)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.domain.cases.evidence import Evidence, EvidenceKind
from shared.contracts.billing import RevenuePosted
from shared.contracts.engagement import VisitRecorded
from shared.directory.identities import present, same_customer
from shared.work import Work

_KEEP_REVENUE = """
INSERT INTO revenue_places AS held
    (posting_id, version, customer_key, occurred_on, signed_at_unit, occurred_at_unit, amount)
SELECT * FROM unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::date[], %s::text[], %s::text[],
                     %s::numeric[])
ON CONFLICT (posting_id) DO UPDATE
    SET version = excluded.version, customer_key = excluded.customer_key,
        occurred_on = excluded.occurred_on, signed_at_unit = excluded.signed_at_unit,
        occurred_at_unit = excluded.occurred_at_unit, amount = excluded.amount
    WHERE held.version < excluded.version
RETURNING customer_key
"""
_KEEP_VISITS = """
INSERT INTO visit_places AS held (visit_id, version, customer_key, unit, visited_on)
SELECT * FROM unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::text[], %s::date[])
ON CONFLICT (visit_id) DO UPDATE
    SET version = excluded.version, unit = excluded.unit, visited_on = excluded.visited_on
    WHERE held.version < excluded.version
"""
# Of whole customers, with everybody who was merged into them, as far as somebody owns them; what
# lies above or below the owner is not elsewhere.
_ELSEWHERE = f"""
WITH whole AS (
    SELECT DISTINCT {present("asked.key")} AS customer_key
    FROM unnest(CAST(:keys AS uuid[])) AS asked (key)
), parts AS (
    SELECT customer_key AS root, customer_key AS part FROM whole
    UNION
    SELECT merged.root, merged.customer_key FROM kit.identities merged
    WHERE merged.root IN (SELECT customer_key FROM whole)
)
SELECT parts.root AS customer_key, places.occurred_at_unit AS unit
FROM parts
JOIN revenue_places places ON places.customer_key = parts.part
JOIN LATERAL (
    SELECT owner_unit FROM ownerships held
    WHERE held.customer_key = parts.root ORDER BY version DESC LIMIT 1
) owned ON true
WHERE places.occurred_at_unit IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM kit.unit_closure covers
        WHERE (covers.ancestor, covers.unit) IN (
            (places.occurred_at_unit, owned.owner_unit), (owned.owner_unit, places.occurred_at_unit)
        )
    )
GROUP BY parts.root, places.occurred_at_unit
HAVING sum(places.amount) >= :minimum
ORDER BY parts.root, places.occurred_at_unit
"""
_COLLECT = """
SELECT 'declaration' AS kind, declaration_id::text AS source_id, declaring_unit AS unit,
       declared_on AS occurred_on, 1 AS count, NULL::numeric AS amount
FROM declarations WHERE customer_key = ANY(:keys)
UNION ALL
SELECT 'contract', contract_id::text, signed_at_unit, signed_on, 1, NULL
FROM signatures WHERE customer_key = ANY(:keys) AND signed_at_unit IS NOT NULL
UNION ALL
SELECT 'visit', unit, unit, max(visited_on), count(*)::int, NULL
FROM visit_places WHERE customer_key = ANY(:keys) GROUP BY unit
UNION ALL
SELECT 'revenue', occurred_at_unit, occurred_at_unit, max(occurred_on), count(*)::int, sum(amount)
FROM revenue_places WHERE customer_key = ANY(:keys) AND occurred_at_unit IS NOT NULL
GROUP BY occurred_at_unit
ORDER BY kind, source_id
"""


async def keep_revenue(work: Work, postings: Sequence[RevenuePosted]) -> list[UUID]:
    """Keep where revenue arose, by posting; an older version changes nothing. Sorted by posting.

    Returns the customers of what was new.
    """
    rows = await work.bulk(
        _KEEP_REVENUE,
        [posting.posting_id for posting in postings],
        [posting.entity.version for posting in postings],
        [posting.customer_key for posting in postings],
        [posting.occurred_on for posting in postings],
        [posting.signed_at_unit for posting in postings],
        [posting.occurred_at_unit for posting in postings],
        [posting.amount.amount for posting in postings],
    )
    return sorted({key for (key,) in rows})


async def keep_visits(work: Work, visits: Sequence[tuple[VisitRecorded, str]]) -> None:
    """Keep which unit visited whom; an older version changes nothing. Sorted by visit."""
    await work.bulk(
        _KEEP_VISITS,
        [visit.visit_id for visit, _ in visits],
        [visit.entity.version for visit, _ in visits],
        [visit.customer_key for visit, _ in visits],
        [unit for _, unit in visits],
        [visit.occurred_on for visit, _ in visits],
    )


async def revenue_elsewhere(
    work: Work, customer_keys: Sequence[UUID], minimum: Decimal
) -> dict[UUID, list[str]]:
    """Units outside the owner's territory where a customer's net revenue reached `minimum` yuan.

    By who the customers are today (R-81).
    """
    found: dict[UUID, list[str]] = {}
    for row in await work.rows(_ELSEWHERE, keys=list(customer_keys), minimum=minimum):
        found.setdefault(row["customer_key"], []).append(row["unit"])
    return found


async def collect(work: Work, customer_key: UUID) -> list[Evidence]:
    """What registry itself knows that may speak in a dispute about the customer (R-37).

    Declarations and contracts one by one, visits and revenue summed by place; of those too who were
    merged into it (R-81).
    """
    keys = await same_customer(work, customer_key)
    return [evidence_from(row) for row in await work.rows(_COLLECT, keys=keys)]


def evidence_from(row: RowMapping) -> Evidence:
    """The piece of evidence that a row says."""
    return Evidence(
        kind=EvidenceKind(row["kind"]),
        source_id=row["source_id"],
        unit=row["unit"],
        occurred_on=row["occurred_on"],
        count=row["count"],
        amount=row["amount"],
        statement=row.get("statement"),
    )
