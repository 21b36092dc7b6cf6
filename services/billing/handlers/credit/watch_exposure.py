"""Is a group above its limit now? A fact is never refused for it, but it is told (B-17, B-34).

Asked at the end of whatever changed what customers owe, under the lock of their head offices, for
all of them at once: what counts is where a group stands then, not what came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.billing.domain.credit.exposure import NO_LIMIT, Crossing, crossing, limit_of
from services.billing.handlers.credit.credit_facts import body_of, credit_exceeded, limits_in_force
from services.billing.storage.credit import crossings, groups
from services.billing.storage.receivables import customer_books
from shared.contracts.registry import CustomerChanged
from shared.messaging.cloudevents import Fact
from shared.sweeps import Portion, at_once
from shared.work import Work

_PORTION = 1000


async def watch(work: Work, customer_keys: Iterable[UUID]) -> int:
    """Tell of every group of these customers that crossed its limit; returns how many did."""
    keys = set(customer_keys)
    if not keys:
        return 0
    limits = await limits_in_force(work, work.today)
    standings = await groups.crossed(work, keys, work.today, body_of(limits))
    return await _tell(work, [crossing(each, limit_of(each, limits)) for each in standings])


async def left(work: Work, customer_keys: Iterable[UUID]) -> int:
    """Take back that these are above a limit, if they are part of another group now (R-81)."""
    whose = await groups.groups_of(work, customer_keys)
    gone = {key for key, group_key in whose.items() if key != group_key}
    standings = await groups.standings(work, gone, work.today, None)
    return await _tell(work, [crossing(each, NO_LIMIT) for each in standings])


async def moved(work: Work, facts: list[Fact[CustomerChanged]]) -> None:
    """Look anew at the groups of customers that owe something: they may have a new head office."""
    keys = await groups.with_exposure(work, {fact.data.customer_key for fact in facts})
    await customer_books.lock(work, keys)
    await watch(work, keys)
    await left(work, keys)


async def review_portion(work: Work, on: date, after: UUID | None) -> Portion:
    """Sweep: limits that begin, late fees that grew, groups that changed; of the next customers."""
    limits = await limits_in_force(work, on)
    start = after or UUID(int=0)
    everybody = limits is not None and limits[0].reaches_the_ungraded
    due = await crossings.candidates(work, start, _PORTION, everybody=everybody)
    await customer_books.lock(work, due)
    crossed = await watch(work, due) + await left(work, due)
    return Portion(crossed, due[-1] if len(due) == _PORTION else None)


async def review(work: Work, on: date) -> int:
    """Look at all of them in one transaction; returns how many groups crossed."""
    return await at_once(review_portion, work, on)


async def _tell(work: Work, seen: Iterable[Crossing | None]) -> int:
    crossed = [each for each in seen if each is not None]
    await crossings.add(work, crossed)
    for each in crossed:
        work.publish(credit_exceeded(each, work.today, work.currency))
    return len(crossed)
