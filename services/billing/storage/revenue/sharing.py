"""Every version of splits and ownerships that registry published, and the lock on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from services.billing.domain.revenue.sharing import Share, Sharing, Terms, everything_to
from shared.work import Work

LOCK = "split"
"""Kind of the reference row of a customer's terms: postings hold it FOR SHARE, re-stating alone."""

_KEEP_SPLITS = """
INSERT INTO splits (customer_key, split_id, version, effective_on, rule, base_units, base_shares,
    increment_units, increment_shares, base_amount, ruling_id)
VALUES (%s::uuid, %s::uuid, %s::int4, %s::date, %s::text, %s::text[], %s::numeric[], %s::text[],
    %s::numeric[], %s::numeric, %s::uuid)
ON CONFLICT DO NOTHING
"""

_KEEP_OWNERSHIP = """
INSERT INTO ownerships (customer_key, version, effective_on, owner_unit, rule, ruling_id)
SELECT * FROM unnest(%s::uuid[], %s::int4[], %s::date[], %s::text[], %s::text[], %s::uuid[])
ON CONFLICT DO NOTHING
"""

_LOAD = """
SELECT customer_key, split_id, version, effective_on, rule, base_units, base_shares,
    increment_units, increment_shares, base_amount, ruling_id
FROM splits WHERE customer_key = ANY(%s::uuid[])
UNION ALL
SELECT customer_key, NULL, version, effective_on, rule, ARRAY[owner_unit], NULL, NULL, NULL, NULL,
    ruling_id
FROM ownerships WHERE customer_key = ANY(%s::uuid[])
"""

_SEPARATING = """
SELECT DISTINCT customer_key FROM splits
WHERE base_amount IS NOT NULL AND customer_key = ANY(%s::uuid[])
"""


async def hold(
    work: Work, customer_keys: Collection[UUID], *, alone: Collection[UUID] = ()
) -> None:
    """Keep the terms of customers as they are; for those `alone` keep other postings out too."""
    exclusive = {str(key) for key in alone}
    await work.settle(LOCK, exclusive)
    await work.refer(LOCK, {str(key) for key in customer_keys} - exclusive)


async def separating(work: Work, customer_keys: Collection[UUID]) -> set[UUID]:
    """Those customers of whom some version of the split tells the increment from the base."""
    rows = await work.bulk(_SEPARATING, sorted(customer_keys))
    return {key for (key,) in rows}


async def load(work: Work, customer_keys: Collection[UUID]) -> dict[UUID, Sharing]:
    """All that is known of each customer's terms; customers without any are left out."""
    keys = sorted(customer_keys)
    splits: dict[UUID, list[Terms]] = {}
    ownerships: dict[UUID, list[Terms]] = {}
    for row in await work.bulk(_LOAD, keys, keys):
        key, split_id, version, effective_on, rule, units, shares, *beyond, base_amount, ruling = (
            row
        )
        if split_id is None:
            terms = everything_to(units[0], rule, version, effective_on, ruling)
            ownerships.setdefault(key, []).append(terms)
            continue
        terms = Terms(
            rule=rule,
            version=version,
            effective_on=effective_on,
            base=_shares(units, shares),
            increment=_shares(*beyond),
            base_amount=base_amount,
            split_id=split_id,
            ruling_id=ruling,
        )
        splits.setdefault(key, []).append(terms)
    return {
        key: Sharing(tuple(splits.get(key, ())), tuple(ownerships.get(key, ())))
        for key in splits.keys() | ownerships.keys()
    }


async def keep_splits(work: Work, splits: Iterable[tuple[UUID, Terms]]) -> None:
    """Add versions of splits as (customer, terms); a version that is known already stays."""
    for customer_key, terms in splits:
        await work.bulk(
            _KEEP_SPLITS,
            customer_key,
            terms.split_id,
            terms.version,
            terms.effective_on,
            terms.rule,
            [part.unit for part in terms.base],
            [part.share for part in terms.base],
            [part.unit for part in terms.increment],
            [part.share for part in terms.increment],
            terms.base_amount,
            terms.ruling_id,
        )


async def keep_ownerships(work: Work, ownerships: Sequence[tuple[UUID, Terms]]) -> None:
    """Add versions of ownerships as (customer, terms); a known version stays."""
    if ownerships:
        await work.bulk(
            _KEEP_OWNERSHIP,
            [customer_key for customer_key, _ in ownerships],
            [terms.version for _, terms in ownerships],
            [terms.effective_on for _, terms in ownerships],
            [terms.base[0].unit for _, terms in ownerships],
            [terms.rule for _, terms in ownerships],
            [terms.ruling_id for _, terms in ownerships],
        )


def _shares(units: Sequence[str], shares: Sequence[Decimal]) -> tuple[Share, ...]:
    return tuple(Share(unit, share) for unit, share in zip(units, shares, strict=True))
