"""How a customer's revenue is shared is computed again whenever anything it depends on changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.registry.domain.belonging.precedence import renewed
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import split_changed, tell
from services.registry.storage.belonging import bases, claims, ownership, sharing_policies
from services.registry.storage.register import customers
from shared.work import Work


async def handle(work: Work, customer: Customer, decided_on: date) -> int:
    """Add and tell the versions that follow from all claims (C16, R-45); returns how many.

    The customer's row is held. What begins before `decided_on` re-states.
    """
    key = customer.customer_key
    history = await ownership.splits(work, key)
    found = renewed(
        history, await claims.of(work, customer), await claims.precedences(work), decided_on
    )
    for split in found:
        await ownership.add_split(work, key, split)
        await tell(work, split_changed(key, split, work.currency))
    return len(found)


async def each(work: Work, customer_keys: Iterable[UUID], decided_on: date) -> int:
    """As `handle` for several customers, one after the other in order of key; returns how many
    versions."""
    count = 0
    for key in sorted(customer_keys):
        count += await handle(work, await customers.load(work, key), decided_on)
    return count


async def new_year(work: Work, on: date) -> int:
    """Sweep: on the first day of a year, bases measured by the year before begin anew (R-44)."""
    if (on.month, on.day) != (1, 1):
        return 0
    return await each(work, await bases.measured_by_revenue(work), on)


async def changed_policies(work: Work, on: date) -> int:
    """Sweep: where a policy on sharing has changed, split anew what depends on it (C16)."""
    return await each(work, await sharing_policies.concerned(work, on), on)
