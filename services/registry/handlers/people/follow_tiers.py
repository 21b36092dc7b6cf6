"""Tiers decide who needs two managers; every version of them is kept (R-48)."""

from __future__ import annotations

from shared.contracts.tiering import TierChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work

_KEEP = """
INSERT INTO tiers (customer_key, scheme, version, tier, effective_on)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::int4[], %s::text[], %s::date[])
ON CONFLICT DO NOTHING
"""


async def handle(work: Work, facts: list[Fact[TierChanged]]) -> None:
    """Keep every version of every tier; assigning managers asks for the one in force."""
    told = {
        (fact.data.customer_key, fact.data.scheme, fact.data.entity.version): fact.data
        for fact in facts
    }
    ordered = sorted(told.items())
    await work.bulk(
        _KEEP,
        [key for (key, _, _), _ in ordered],
        [scheme for (_, scheme, _), _ in ordered],
        [version for (_, _, version), _ in ordered],
        [tier.after for _, tier in ordered],
        [tier.effective_on for _, tier in ordered],
    )
