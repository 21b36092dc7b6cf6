"""What was noticed to have changed under scores, for whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.tiering.domain.scoring.staleness import Change
from shared.work import Work

# Of every score that was divided by a revenue of these units, its newest version; and the report
# that holds now. The text names the change as `staleness.changes` does.
_DIVIDED = """
WITH latest AS (
    SELECT DISTINCT ON (unit, year, business_line) unit, year, business_line, amount
    FROM unit_revenue WHERE unit = ANY(:units)
    ORDER BY unit, year, business_line, reported_on DESC, reported_at DESC, system DESC, ref DESC
), divided AS (
    SELECT held.score_id, held.version, held.customer_key,
        held.factor || ' of ' || held.unit || ' ' || held.year AS what,
        held.amount AS before, latest.amount AS now
    FROM score_denominators held
    JOIN latest ON latest.unit = held.unit AND latest.year = held.year
        AND latest.business_line IS NOT DISTINCT FROM held.business_line
    WHERE NOT EXISTS (SELECT FROM scores
                      WHERE scores.score_id = held.score_id AND scores.version > held.version)
)
"""
_FORGET_CORRECTED = f"""
{_DIVIDED}
DELETE FROM stale_scores USING divided
WHERE stale_scores.score_id = divided.score_id AND stale_scores.version = divided.version
    AND stale_scores.what = divided.what
"""
_MARK_CORRECTED = f"""
{_DIVIDED}
INSERT INTO stale_scores (score_id, version, what, customer_key, before, now, noticed_on)
SELECT score_id, version, what, customer_key, before::text, now::text, :on FROM divided
WHERE before <> now
"""
_MARK = """
INSERT INTO stale_scores (score_id, version, what, customer_key, before, now, noticed_on)
SELECT score_id, version, what, customer_key, before, now, %s::date
FROM unnest(%s::uuid[], %s::int4[], %s::text[], %s::uuid[], %s::text[], %s::text[])
    AS given (score_id, version, what, customer_key, before, now)
"""

Version = tuple[UUID, int]


async def mark_corrected(work: Work, units: Sequence[str], on: date) -> None:
    """Mark the scores whose denominator was another revenue of `units` than the one that holds.

    A mark goes when a further report says the old amount again.
    """
    await work.run(_FORGET_CORRECTED, {"units": list(units)})
    await work.run(_MARK_CORRECTED, {"units": list(units), "on": on})


async def replace(
    work: Work,
    seen: Mapping[Version, UUID],
    stale: Mapping[Version, Sequence[Change]],
    on: date,
) -> None:
    """Of the versions `seen` (with their customers) mark those that are `stale`, no others."""
    versions = sorted(seen)
    await work.bulk(
        "DELETE FROM stale_scores WHERE (score_id, version) IN"
        " (SELECT * FROM unnest(%s::uuid[], %s::int4[]))",
        [score_id for score_id, _ in versions],
        [version for _, version in versions],
    )
    rows = [
        (*version, change.what, seen[version], change.before, change.now)
        for version in sorted(stale)
        for change in stale[version]
    ]
    if rows:
        await work.bulk(_MARK, on, *(list(column) for column in zip(*rows, strict=True)))


async def noticed(work: Work, score_id: UUID, version: int) -> list[Change]:
    """What was noticed to have changed under one version of a score."""
    rows = await work.rows(
        "SELECT what, before, now FROM stale_scores"
        " WHERE score_id = :score_id AND version = :version ORDER BY what",
        score_id=score_id,
        version=version,
    )
    return [Change(**row) for row in rows]
