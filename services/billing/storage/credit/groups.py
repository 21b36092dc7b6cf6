"""Groups as they stand: a head office with its branches, and what they owe together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.domain.credit.exposure import Standing
from services.billing.domain.credit.limits import CreditLimits
from shared.work import Work

_GROUPS = "SELECT customer_key, group_key FROM credit_groups(%s::uuid[])"
_STANDINGS = """
SELECT * FROM credit_standings(%s::uuid[], %s::date, %s::text) ORDER BY group_key
"""


def limit_in_sql(rows: str) -> str:
    """SQL for the limit of a `standing`, as `limit_of` says it.

    `rows` is SQL for what policy has where nobody decided: arrays of grades, tiers, classes and
    amounts, in the order in which they are asked (`usual`).
    """
    return f"""
    CASE WHEN standing.limit_version IS NOT NULL THEN standing.limit_amount ELSE (
        SELECT usual.amount
        FROM unnest({rows}) WITH ORDINALITY
            AS usual (grade, tier, customer_class, amount, place)
        WHERE coalesce(usual.grade = standing.grade, usual.grade IS NULL)
            AND coalesce(usual.tier = standing.tier, usual.tier IS NULL)
            AND coalesce(usual.customer_class = standing.customer_class,
                usual.customer_class IS NULL)
        ORDER BY usual.place LIMIT 1) END"""


# As `crossing` decides: only those who changed sides come back, few of a batch.
_CROSSED = f"""
SELECT standing.* FROM credit_standings(
    ARRAY(SELECT DISTINCT group_key FROM credit_groups(%s::uuid[])), %s::date, %s::text) standing
WHERE is_exceeded <> coalesce(receivable - unapplied + reserved >
    {limit_in_sql("%s::text[], %s::text[], %s::text[], %s::numeric[]")}, false)
ORDER BY group_key
"""


async def groups_of(work: Work, customer_keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """The head office of each of `customer_keys` as they are today; most are their own."""
    keys = sorted(set(customer_keys))
    return dict(await work.bulk(_GROUPS, keys)) if keys else {}


async def standings(
    work: Work, group_keys: Collection[UUID], on: date, limits: CreditLimits | None
) -> list[Standing]:
    """Groups by the key of their head office, with the limit that was decided for the day `on`.

    Their tiers are those of the scheme of the policy `limits`.
    """
    if not group_keys:
        return []
    scheme = None if limits is None else limits.scheme
    return [Standing(*row) for row in await work.bulk(_STANDINGS, sorted(group_keys), on, scheme)]


def usual(limits: CreditLimits | None) -> list[list[Any]]:
    """What policy has where nobody decided: grades, tiers, classes and amounts, in order."""
    rows = () if limits is None else limits.rows
    return [
        [each.grade for each in rows],
        [each.tier for each in rows],
        [each.customer_class for each in rows],
        [each.amount for each in rows],
    ]


async def crossed(
    work: Work, customer_keys: Collection[UUID], on: date, limits: CreditLimits | None
) -> list[Standing]:
    """The groups of `customer_keys` on another side of their limit than where they were seen."""
    scheme = None if limits is None else limits.scheme
    rows = await work.bulk(_CROSSED, sorted(customer_keys), on, scheme, *usual(limits))
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
