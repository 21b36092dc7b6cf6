"""Registry's splits and owners: every version is kept, and revenue re-stated by it (R-44, R-45)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from services.billing.domain.revenue.sharing import Share, Terms, everything_to
from services.billing.handlers.revenue import restate_revenue
from services.billing.storage.revenue import restatements, sharing
from shared.contracts.registry import OwnershipChanged, SplitChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def splits(work: Work, facts: list[Fact[SplitChanged]]) -> None:
    """Keep the versions, and re-state what they change for days from their effective dates on."""
    keys = {fact.data.customer_key for fact in facts}
    await sharing.hold(work, (), alone=keys)
    await sharing.keep_splits(work, [(fact.data.customer_key, _split(fact.data)) for fact in facts])
    await _restate(work, keys)


async def ownerships(work: Work, facts: list[Fact[OwnershipChanged]]) -> None:
    """Keep the versions; where no split is in force they share the revenue."""
    keys = {fact.data.customer_key for fact in facts}
    await sharing.hold(work, (), alone=keys)
    await sharing.keep_ownerships(
        work,
        [
            (
                owner.customer_key,
                everything_to(
                    owner.owner_unit,
                    owner.rule,
                    owner.entity.version,
                    owner.effective_on,
                    owner.ruling_id,
                ),
            )
            for owner in (fact.data for fact in facts)
        ],
    )
    await _restate(work, keys)


async def repair(work: Work, on: date) -> int:
    """Sweep: re-state postings that older terms decided than those in force. None are expected."""
    stale = await restatements.stale(work)
    await sharing.hold(work, (), alone=stale)
    return await _restate(work, stale)


async def _restate(work: Work, keys: Collection[UUID]) -> int:
    return await restate_revenue.restate(work, await sharing.load(work, keys))


def _split(split: SplitChanged) -> Terms:
    return Terms(
        rule=split.rule,
        version=split.entity.version,
        effective_on=split.effective_on,
        base=tuple(Share(part.unit, part.share) for part in split.base),
        increment=tuple(Share(part.unit, part.share) for part in split.increment),
        base_amount=split.base_amount.amount if split.base_amount is not None else None,
        split_id=split.split_id,
        ruling_id=split.ruling_id,
    )
