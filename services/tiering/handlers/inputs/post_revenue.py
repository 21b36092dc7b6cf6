"""Revenue that billing posted: totals follow, a restated posting counts once (T-02)."""

from __future__ import annotations

from decimal import Decimal

from services.tiering.domain.inputs.revenue import Posting, Shares, differences, newer, newest
from services.tiering.storage.inputs import revenue
from shared.contracts.billing import RevenuePosted
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[RevenuePosted]]) -> None:
    """Replace what is held under each posting and add the difference to the totals.

    The hot path: two statements for postings never seen, two more for restated ones.
    """
    given = newest(_posting(fact.data) for fact in facts)
    inserted = await revenue.insert_new(work, given.values())

    held = {}
    if len(inserted) < len(given):
        held = await revenue.hold(work, given.keys() - inserted)
    restated = [posting for posting in newer(given, held) if posting.posting_id in held]

    if restated:
        await revenue.replace(work, restated)
    taken = [*(given[posting_id] for posting_id in inserted), *restated]
    await revenue.add(work, differences(taken, held))


def _posting(event: RevenuePosted) -> Posting:
    return Posting(
        event.posting_id,
        event.entity.version,
        event.customer_key,
        event.occurred_on,
        event.business_line,
        _shares(event),
    )


def _shares(event: RevenuePosted) -> Shares:
    if len(event.shares) == 1:
        (share,) = event.shares
        return ((share.unit, share.amount.amount),)
    by_unit: dict[str, Decimal] = {}
    for share in event.shares:
        by_unit[share.unit] = by_unit.get(share.unit, Decimal(0)) + share.amount.amount
    return tuple(sorted(by_unit.items()))
