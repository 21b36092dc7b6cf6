"""When groups came above their limits and below again; only ever added to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import RowMapping

from services.billing.domain.credit.exposure import Crossing, Standing
from services.billing.domain.credit.limits import Limit
from shared.work import Work

_ADD = """
INSERT INTO credit_crossings (customer_key, version, is_exceeded, as_of, receivable, unapplied,
    reserved, credit_limit, limit_version, grade, tier, customer_class, policy_version,
    exposure_version, recorded_at)
SELECT customer_key, version, is_exceeded, %s::date, receivable, unapplied, reserved, credit_limit,
    limit_version, grade, tier, customer_class, policy_version, exposure_version, %s::timestamptz
FROM unnest(%s::uuid[], %s::int4[], %s::bool[], %s::numeric[], %s::numeric[], %s::numeric[],
    %s::numeric[], %s::int4[], %s::text[], %s::text[], %s::text[], %s::int4[], %s::int8[])
    AS crossed (customer_key, version, is_exceeded, receivable, unapplied, reserved, credit_limit,
        limit_version, grade, tier, customer_class, policy_version, exposure_version)
"""
# Whoever may have a limit, or was above one: nobody else can cross. Each source gives its next few
# in order, so that a portion reads a portion.
_SOURCES = (
    "credit_limit_decisions WHERE is_approved",
    "credit_assessments WHERE grade IS NOT NULL",
    "credit_crossings WHERE true",
    "balances WHERE :everybody",
    "credit_reservations WHERE :everybody AND state = 'live'",
)
_NEXT_OF = """
(SELECT DISTINCT customer_key FROM {} AND customer_key > :after ORDER BY customer_key LIMIT :size)
"""
_CANDIDATES = f"""
SELECT customer_key FROM ({" UNION ".join(_NEXT_OF.format(each) for each in _SOURCES)}) candidate
ORDER BY customer_key LIMIT :size
"""

_PAGE = """
SELECT DISTINCT ON (customer_key) * FROM credit_crossings
WHERE customer_key > :after ORDER BY customer_key, version DESC LIMIT :size
"""


async def add(work: Work, crossed: Sequence[Crossing]) -> None:
    """Keep what was seen today."""
    if not crossed:
        return
    rows = [
        (
            each.standing.customer_key,
            each.version,
            each.is_exceeded,
            each.standing.receivable,
            each.standing.unapplied,
            each.standing.reserved,
            each.limit.amount,
            each.limit.version,
            each.limit.traits.grade,
            each.limit.traits.tier,
            each.limit.traits.customer_class,
            each.limit.policy_version,
            each.standing.version,
        )
        for each in crossed
    ]
    await work.bulk(_ADD, work.today, work.now, *map(list, zip(*rows, strict=True)))


async def candidates(work: Work, after: UUID, size: int, *, everybody: bool) -> list[UUID]:
    """The next customers in order of key who may be above a limit or below again.

    `everybody` when policy limits those too of whom nothing is known.
    """
    rows = await work.rows(_CANDIDATES, everybody=everybody, after=after, size=size)
    return [row["customer_key"] for row in rows]


async def page(work: Work, after: UUID | None, size: int) -> list[tuple[Crossing, date]]:
    """The last crossing of the next groups in order of key, each with its day."""
    return [
        (_crossing(row), row["as_of"])
        for row in await work.rows(_PAGE, after=after or UUID(int=0), size=size)
    ]


def _crossing(row: RowMapping) -> Crossing:
    standing = Standing(
        customer_key=row["customer_key"],
        receivable=row["receivable"],
        unapplied=row["unapplied"],
        reserved=row["reserved"],
        version=row["exposure_version"],
        limit_version=row["limit_version"],
        limit_amount=row["credit_limit"],
        grade=row["grade"],
        crossing_version=row["version"] - 1,
        is_exceeded=not row["is_exceeded"],
        tier=row["tier"],
        customer_class=row["customer_class"],
    )
    limit = Limit(row["credit_limit"], row["limit_version"], row["policy_version"], standing.traits)
    return Crossing(standing, limit, row["is_exceeded"], row["version"])
