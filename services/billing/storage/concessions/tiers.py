"""Customers' tiers as tiering published them: every version, valid from its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from shared.contracts.tiering import TierChanged
from shared.directory import identities
from shared.work import Work

_KEEP = """
INSERT INTO tiers (customer_key, scheme, version, tier, effective_on)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::int4[], %s::text[], %s::date[])
ON CONFLICT DO NOTHING
"""


async def keep(work: Work, told: Sequence[TierChanged]) -> None:
    """Add versions of tiers; a version that is known stays."""
    versions = {(each.customer_key, each.scheme, each.entity.version): each for each in told}
    ordered = [versions[key] for key in sorted(versions)]
    await work.bulk(
        _KEEP,
        [each.customer_key for each in ordered],
        [each.scheme for each in ordered],
        [each.entity.version for each in ordered],
        [each.after for each in ordered],
        [each.effective_on for each in ordered],
    )


async def on_day(work: Work, customer_key: UUID, scheme: str, day: date) -> str | None:
    """The tier of the customer, as who it is today, in a scheme on a day; None: it has none."""
    present = await identities.roots(work, [customer_key])
    tier: str | None = await work.value(
        "SELECT tier FROM tiers WHERE customer_key = :key AND scheme = :scheme"
        " AND effective_on <= :day ORDER BY version DESC LIMIT 1",
        key=present[customer_key],
        scheme=scheme,
        day=day,
    )
    return tier
