"""Groups as they stand: a head office with its branches, and what they owe together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from services.billing.domain.credit.exposure import Standing
from services.billing.domain.credit.limits import CreditLimits
from shared.work import Work

_GROUPS = "SELECT customer_key, group_key FROM credit_groups(%s::uuid[])"
_STANDINGS = "SELECT * FROM credit_standings(%s::uuid[], %s::date) ORDER BY group_key"
# As `crossing` decides: only those who changed sides come back, few of a batch.
_CROSSED = """
SELECT standing.* FROM credit_standings(
    ARRAY(SELECT DISTINCT group_key FROM credit_groups(%s::uuid[])), %s::date) standing
LEFT JOIN unnest(%s::text[], %s::numeric[]) AS usual (grade, amount)
    ON usual.grade = standing.grade
WHERE is_exceeded <> coalesce(
    receivable - unapplied + reserved > CASE WHEN limit_version IS NOT NULL THEN limit_amount
        ELSE coalesce(usual.amount, %s::numeric) END, false)
ORDER BY group_key
"""


async def groups_of(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """The head office of each of `customer_keys` as they are today; most are their own."""
    keys = sorted(set(customer_keys))
    return dict(await work.bulk(_GROUPS, keys)) if keys else {}


async def standings(work: Work, group_keys: Collection[UUID], on: date) -> list[Standing]:
    """Groups by the key of their head office, with the limit that holds on the day `on`."""
    if not group_keys:
        return []
    return [Standing(*row) for row in await work.bulk(_STANDINGS, sorted(group_keys), on)]


async def crossed(
    work: Work, customer_keys: Collection[UUID], on: date, limits: CreditLimits | None
) -> list[Standing]:
    """The groups of `customer_keys` on another side of their limit than where they were seen."""
    usual = {} if limits is None else limits.by_grade
    ungraded = None if limits is None else limits.ungraded
    rows = await work.bulk(
        _CROSSED, sorted(customer_keys), on, list(usual), list(usual.values()), ungraded
    )
    return [Standing(*row) for row in rows]


async def with_exposure(work: Work, customer_keys: Collection[UUID]) -> set[UUID]:
    """Those of `customer_keys` that owe something, or did, or have reserved something."""
    if not customer_keys:
        return set()
    keys = sorted(customer_keys)
    rows = await work.bulk(
        "SELECT customer_key FROM balances WHERE customer_key = ANY(%s::uuid[])"
        " UNION SELECT customer_key FROM credit_reservations"
        " WHERE customer_key = ANY(%s::uuid[]) AND state = 'live'",
        keys,
        keys,
    )
    return {key for (key,) in rows}
