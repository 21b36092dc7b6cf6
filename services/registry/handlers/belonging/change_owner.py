"""A new version of ownership, and what follows from it: the split and who may see what."""

from __future__ import annotations

from datetime import date

from services.registry.domain.belonging.ownership import Ownership
from services.registry.domain.belonging.splits import Split, default_split
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.publishing import ownership_changed, split_changed, tell
from services.registry.storage.belonging import ownership as storage
from shared.work import Work


async def handle(
    work: Work, customer: Customer, ownership: Ownership, decided_on: date, split: Split | None
) -> None:
    """Keep and tell the `ownership`, and `split` or else the default one (R-36, R-37, R-45)."""
    key = customer.customer_key
    history = await storage.splits(work, key)
    following = split or default_split(
        history, ownership.owner_unit, ownership.effective_on, decided_on
    )
    await storage.add_ownership(work, key, ownership)
    await tell(work, ownership_changed(key, ownership))
    if following is not None:
        await storage.add_split(work, key, following)
        await tell(work, split_changed(key, following, work.currency))
    await refresh_scope.handle(work, key)
    if customer.head_office_key is not None:
        await refresh_scope.handle(work, customer.head_office_key)
