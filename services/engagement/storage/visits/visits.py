"""Visits: what was recorded, and what the facts about our own people make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import insert

from services.engagement.domain.visits.verification import Verdict
from services.engagement.storage import tables
from services.engagement.storage.visits import visit_rows
from services.engagement.storage.visits.visit_rows import KeptVisit, NewVisit
from shared.work import Work

# Who somebody was on the day: the newest state that had begun; before the first, the first.
_WITH_VISITORS = """
SELECT visits.visit_id, visits.customer_key, visits.source_system, visits.source_ref, visits.kind,
       visits.channel, visits.target_level, visits.started_at, visits.ended_at, visits.visited_on,
       visits.expense, visits.verdict, visits.unit, visits.roles, visits.is_too_early,
       visits.version, visits.recorded_by, visitors.staff_code, state.unit AS staff_unit,
       state.roles AS staff_roles, units.level AS unit_level, units.kind AS unit_kind
FROM visits
JOIN visit_visitors visitors ON visitors.visit_id = visits.visit_id
LEFT JOIN LATERAL (
    SELECT known.unit, known.roles FROM kit.staff_states known
    WHERE known.staff_code = visitors.staff_code
    ORDER BY known.effective_on <= visits.visited_on DESC,
             CASE WHEN known.effective_on <= visits.visited_on
                  THEN -known.version ELSE known.version END
    LIMIT 1
) state ON true
LEFT JOIN kit.units ON units.unit = state.unit
WHERE {condition}
ORDER BY visits.started_at, visits.visit_id, visitors.position
"""


async def add(work: Work, visits: Sequence[NewVisit]) -> None:
    """Keep new visits, not published yet; their words are sealed."""
    if not visits:
        return
    await work.run(insert(tables.visits), [visit_rows.row(work, visit) for visit in visits])
    await work.run(
        insert(tables.visit_visitors),
        [
            {"visit_id": visit.visit_id, "position": position, "staff_code": staff_code}
            for visit in visits
            for position, staff_code in enumerate(visit.visitors)
        ],
    )


async def of_customers(work: Work, customer_keys: Iterable[UUID]) -> list[KeptVisit]:
    """All visits to these customers, oldest first."""
    sql = _WITH_VISITORS.format(condition="visits.customer_key = ANY(:keys)")
    return visit_rows.gathered(await work.rows(sql, keys=sorted(set(customer_keys))))


async def one(work: Work, visit_id: UUID) -> KeptVisit | None:
    """The visit, or None."""
    sql = _WITH_VISITORS.format(condition="visits.visit_id = :visit_id")
    return next(iter(visit_rows.gathered(await work.rows(sql, visit_id=visit_id))), None)


async def page(work: Work, after: UUID | None, size: int) -> list[KeptVisit]:
    """The `size` visits after the ID `after`, in order of their IDs."""
    ids = await work.bulk(
        "SELECT visit_id FROM visits WHERE %s::uuid IS NULL OR visit_id > %s::uuid"
        " ORDER BY visit_id LIMIT %s::int4",
        after,
        after,
        size,
    )
    sql = _WITH_VISITORS.format(condition="visits.visit_id = ANY(:ids)")
    found = visit_rows.gathered(await work.rows(sql, ids=[visit_id for (visit_id,) in ids]))
    return sorted(found, key=lambda visit: visit.contact.visit_id)


async def publish_as(work: Work, visits: Sequence[KeptVisit]) -> None:
    """Keep unit, roles, warning and version of these visits as they are published now."""
    if visits:
        await work.run(
            "UPDATE visits SET unit = :unit, roles = :roles, is_too_early = :is_too_early,"
            " version = :version WHERE visit_id = :visit_id",
            [
                {
                    "visit_id": visit.contact.visit_id,
                    "unit": visit.unit,
                    "roles": list(visit.roles),
                    "is_too_early": visit.is_too_early,
                    "version": visit.version,
                }
                for visit in visits
            ],
        )


async def give_verdict(work: Work, visit_id: UUID, verdict: Verdict) -> None:
    """Note what the telephone department found (E-26)."""
    await work.run(
        "UPDATE visits SET verdict = :verdict WHERE visit_id = :visit_id",
        {"visit_id": visit_id, "verdict": verdict.value},
    )


async def words(work: Work, visit_id: UUID) -> tuple[str, str, tuple[str, ...]]:
    """Whom the visit was for, what was written about it, and what was said when it was checked."""
    row = await work.row(
        "SELECT target_name, content FROM visits WHERE visit_id = :visit_id", visit_id=visit_id
    )
    calls = await work.rows(
        "SELECT note FROM verification_calls JOIN verifications USING (verification_id)"
        " WHERE visit_id = :visit_id AND note IS NOT NULL ORDER BY number",
        visit_id=visit_id,
    )
    assert row is not None, "the visit is there"
    opened = [work.box.open(bytes(each["note"])).decode() for each in calls]
    name = row["target_name"]
    return (
        work.box.open(bytes(name)).decode() if name else "",
        work.box.open(bytes(row["content"])).decode(),
        tuple(opened),
    )


async def customers_visited_by(
    work: Work, staff_codes: Sequence[str], units: Sequence[str]
) -> list[UUID]:
    """Customers visited by these people, or by people of these units."""
    rows = await work.bulk(
        "SELECT DISTINCT visits.customer_key FROM visits"
        " JOIN visit_visitors visitors ON visitors.visit_id = visits.visit_id"
        " WHERE visitors.staff_code = ANY(%s::text[]) OR visitors.staff_code IN"
        " (SELECT staff_code FROM kit.staff_states WHERE unit = ANY(%s::text[]))",
        list(staff_codes),
        list(units),
    )
    return sorted(key for (key,) in rows)
