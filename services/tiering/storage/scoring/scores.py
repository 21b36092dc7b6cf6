"""Scores as recorded: every version, with its explanation, for ever (T-29)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import RowMapping

from services.tiering.domain.scoring.assessment import Earlier, RecordedScore
from services.tiering.domain.scoring.explanation import Document
from shared.errors import NotFound
from shared.work import Work

COLUMNS = """
score_id, version, customer_key, scheme, scheme_version, period, cut_off, run_id, raw, shown, tier,
is_above_range, inputs, explanation, scored_on
"""
_INSERT = f"""
INSERT INTO scores ({COLUMNS}, scored_at)
SELECT given.score_id, given.version, given.customer_key, given.scheme, given.scheme_version,
    given.period, given.cut_off, given.run_id, given.raw, given.shown, given.tier,
    given.is_above_range, given.inputs::jsonb, given.explanation::jsonb, given.scored_on,
    %s::timestamptz
FROM unnest(%s::uuid[], %s::int4[], %s::uuid[], %s::text[], %s::int4[], %s::text[], %s::date[],
            %s::uuid[], %s::numeric[], %s::numeric[], %s::text[], %s::bool[], %s::text[],
            %s::text[], %s::date[]) AS given ({COLUMNS})
"""
_INSERT_DENOMINATORS = """
INSERT INTO score_denominators
    (score_id, version, factor, customer_key, unit, business_line, year, amount)
SELECT * FROM unnest(%s::uuid[], %s::int4[], %s::text[], %s::uuid[], %s::text[], %s::text[],
                     %s::int4[], %s::numeric[])
"""
_EARLIER = """
SELECT DISTINCT ON (scores.score_id)
    scores.score_id, scores.version, scores.scheme_version, scores.inputs,
    proposals.proposal_id IS NOT NULL AS has_proposal
FROM scores
LEFT JOIN proposals
    ON proposals.score_id = scores.score_id AND proposals.score_version = scores.version
WHERE scores.score_id = ANY(:score_ids)
ORDER BY scores.score_id, scores.version DESC
"""
_NEWEST_CUT_OFFS = """
SELECT customer_key, max(cut_off) AS cut_off FROM scores
WHERE scheme = :scheme AND customer_key = ANY(:keys) GROUP BY customer_key
"""
# One score per earlier period: its latest cut-off, in its newest version.
_EARLIER_TIERS = """
SELECT customer_key, array_agg(tier ORDER BY cut_off DESC) AS tiers
FROM (
    SELECT DISTINCT ON (customer_key, period) customer_key, period, cut_off, tier
    FROM scores
    WHERE scheme = :scheme AND customer_key = ANY(:keys) AND cut_off < :cut_off
        AND period <> :period
    ORDER BY customer_key, period, cut_off DESC, version DESC
) per_period
GROUP BY customer_key
"""


async def add(work: Work, recorded: Sequence[RecordedScore]) -> None:
    """Keep new versions of scores with their explanations."""
    ordered = sorted(recorded, key=lambda score: score.score_id)
    await work.bulk(
        _INSERT,
        work.now,
        [score.score_id for score in ordered],
        [score.version for score in ordered],
        [score.customer_key for score in ordered],
        [score.scheme for score in ordered],
        [score.scheme_version for score in ordered],
        [score.period for score in ordered],
        [score.cut_off for score in ordered],
        [score.run_id for score in ordered],
        [score.raw for score in ordered],
        [score.shown for score in ordered],
        [score.tier for score in ordered],
        [score.is_above_range for score in ordered],
        [_json(score.inputs) for score in ordered],
        [_json(score.explanation) for score in ordered],
        [score.scored_on for score in ordered],
    )
    await _add_denominators(work, ordered)


async def earlier(work: Work, score_ids: Sequence[UUID]) -> dict[UUID, Earlier]:
    """The newest version of those scores that are there."""
    rows = await work.rows(_EARLIER, score_ids=list(score_ids))
    return {
        row["score_id"]: Earlier(
            row["version"], row["scheme_version"], row["inputs"], row["has_proposal"]
        )
        for row in rows
    }


async def newest_cut_offs(
    work: Work, scheme: str, customer_keys: Sequence[UUID]
) -> dict[UUID, date]:
    """The latest cut-off that each customer was scored at in `scheme`."""
    rows = await work.rows(_NEWEST_CUT_OFFS, scheme=scheme, keys=list(customer_keys))
    return {row["customer_key"]: row["cut_off"] for row in rows}


async def earlier_tiers(
    work: Work, scheme: str, customer_keys: Sequence[UUID], period: str, cut_off: date
) -> dict[UUID, list[str | None]]:
    """What each customer was scored in the periods before, the last period first."""
    rows = await work.rows(
        _EARLIER_TIERS,
        scheme=scheme,
        keys=list(customer_keys),
        period=period,
        cut_off=cut_off,
    )
    return {row["customer_key"]: list(row["tiers"]) for row in rows}


async def inputs_of(
    work: Work, versions: Sequence[tuple[UUID, int]]
) -> dict[tuple[UUID, int], Document]:
    """The stored inputs of (score, version)."""
    rows = await work.rows(
        "SELECT score_id, version, inputs FROM scores WHERE (score_id, version) IN"
        " (SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS integer[])))",
        ids=[score_id for score_id, _ in versions],
        versions=[version for _, version in versions],
    )
    return {(row["score_id"], row["version"]): row["inputs"] for row in rows}


async def one(work: Work, score_id: UUID, version: int | None = None) -> RecordedScore:
    """A version of a score, or its newest. Raises NotFound."""
    row = await work.row(
        f"SELECT {COLUMNS} FROM scores WHERE score_id = :score_id"
        " AND (CAST(:version AS integer) IS NULL OR version = :version)"
        " ORDER BY version DESC LIMIT 1",
        score_id=score_id,
        version=version,
    )
    if row is None:
        raise NotFound(f"没有评分 {score_id}", f"there is no score {score_id}")
    return made(row)


async def newest_after(work: Work, score_id: UUID | None, limit: int) -> list[RecordedScore]:
    """The newest versions of the next scores after `score_id`, in the order of ids."""
    rows = await work.rows(
        f"SELECT DISTINCT ON (score_id) {COLUMNS} FROM scores"
        " WHERE CAST(:after AS uuid) IS NULL OR score_id > :after"
        " ORDER BY score_id, version DESC LIMIT :limit",
        after=score_id,
        limit=limit,
    )
    return [made(row) for row in rows]


def made(row: RowMapping) -> RecordedScore:
    """The score that a row of all COLUMNS says."""
    return RecordedScore(**{name.strip(): row[name.strip()] for name in COLUMNS.split(",")})


async def _add_denominators(work: Work, recorded: Sequence[RecordedScore]) -> None:
    rows = [
        (score.score_id, score.version, factor, score.customer_key, taken["denominator"])
        for score in recorded
        for factor, taken in cast("dict[str, Any]", score.inputs).items()
        if taken["denominator"] is not None
    ]
    if rows:
        await work.bulk(
            _INSERT_DENOMINATORS,
            *([row[index] for row in rows] for index in range(4)),
            [row[4]["unit"] for row in rows],
            [row[4]["business_line"] for row in rows],
            [row[4]["year"] for row in rows],
            [Decimal(row[4]["amount"]) for row in rows],
        )


def _json(document: Document) -> str:
    return orjson.dumps(document).decode()
