"""Readings of usage as other systems recorded them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.tiering.domain.inputs.usage import Usage, days_of
from shared.work import Work

_INSERT = """
INSERT INTO usage
    (system, ref, customer_key, metric, period, value, net, reverses_ref, reported_at,
     from_on, to_on)
SELECT * FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::numeric[],
                     %s::numeric[], %s::text[], %s::timestamptz[], %s::date[], %s::date[])
ON CONFLICT (system, ref) DO NOTHING
"""
_HOLD = """
SELECT system, ref, customer_key, metric, period, value, net, reverses_ref, reported_at
FROM usage
WHERE (system, ref) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
ORDER BY system, ref FOR UPDATE
"""
_READ = """
WITH member AS (
    SELECT key AS customer_key, key AS root FROM unnest(CAST(:keys AS uuid[])) AS key
    UNION
    SELECT customer_key, root FROM kit.identities WHERE root = ANY(:keys)
)
SELECT member.root AS customer_key,
    sum(usage.net) AS sum, max(usage.net) AS highest,
    (array_agg(usage.net ORDER BY usage.to_on DESC, usage.reported_at DESC, usage.system DESC,
               usage.ref DESC))[1] AS latest,
    (array_agg(usage.system ORDER BY usage.to_on DESC, usage.reported_at DESC, usage.system DESC,
               usage.ref DESC))[1] AS latest_system,
    CAST(count(*) AS integer) AS count, max(usage.to_on) AS to_on
FROM usage JOIN member USING (customer_key)
WHERE usage.metric = :metric AND usage.reverses_ref IS NULL AND usage.to_on <= :cut_off
    AND (CAST(:from_on AS date) IS NULL OR usage.from_on >= :from_on)
GROUP BY member.root
"""


@dataclass(frozen=True)
class Reading:
    """A customer's usage of a period, read in the three ways that a scheme may ask for."""

    sum: Decimal
    highest: Decimal
    latest: Decimal
    count: int
    to_on: date
    latest_system: str
    """Who reported the latest of them."""


async def add(work: Work, readings: Sequence[Usage]) -> None:
    """Keep the readings, reversals among them."""
    ordered = sorted(readings, key=lambda usage: (usage.system, usage.ref))
    days = [days_of(usage.period) for usage in ordered]
    await work.bulk(
        _INSERT,
        [usage.system for usage in ordered],
        [usage.ref for usage in ordered],
        [usage.customer_key for usage in ordered],
        [usage.metric for usage in ordered],
        [usage.period for usage in ordered],
        [usage.value for usage in ordered],
        [usage.net for usage in ordered],
        [usage.reverses_ref for usage in ordered],
        [usage.reported_at for usage in ordered],
        [first for first, _ in days],
        [last for _, last in days],
    )


async def hold(work: Work, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Usage]:
    """The readings of those (system, ref), locked, by that pair."""
    ordered = sorted(set(names))
    rows = await work.bulk(_HOLD, [name[0] for name in ordered], [name[1] for name in ordered])
    return {(row[0], row[1]): Usage(*row) for row in rows}


async def reduce(work: Work, reversed_readings: Iterable[Usage]) -> None:
    """Store the `net` of readings that were taken back in part or in whole."""
    ordered = sorted(reversed_readings, key=lambda usage: (usage.system, usage.ref))
    await work.bulk(
        "UPDATE usage SET net = given.net"
        " FROM unnest(%s::text[], %s::text[], %s::numeric[]) AS given (system, ref, net)"
        " WHERE usage.system = given.system AND usage.ref = given.ref",
        [usage.system for usage in ordered],
        [usage.ref for usage in ordered],
        [usage.net for usage in ordered],
    )


async def read(
    work: Work, customer_keys: Sequence[UUID], metric: str, from_on: date | None, cut_off: date
) -> dict[UUID, Reading]:
    """Usage of `metric` whose period lies within the days; customers without any are absent.

    A merged customer's usage counts for its survivor.
    """
    rows = await work.rows(
        _READ, keys=list(customer_keys), metric=metric, from_on=from_on, cut_off=cut_off
    )
    return {
        row["customer_key"]: Reading(
            row["sum"],
            row["highest"],
            row["latest"],
            row["count"],
            row["to_on"],
            row["latest_system"],
        )
        for row in rows
    }
