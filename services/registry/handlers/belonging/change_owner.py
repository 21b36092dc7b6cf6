"""A new version of ownership, and what follows from it: the split and who may see what."""

from __future__ import annotations

from datetime import date

from services.registry.domain.belonging.ownership import Ownership
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import refresh_scope, renew_split
from services.registry.handlers.publishing import ownership_changed, tell
from services.registry.storage.belonging import ownership as storage
from shared.work import Work


async def handle(work: Work, customer: Customer, ownership: Ownership, decided_on: date) -> None:
    """Keep and tell the `ownership`, then the split and the grants as they follow (R-36, R-37)."""
    await storage.add_ownership(work, customer.customer_key, ownership)
    await tell(work, ownership_changed(customer.customer_key, ownership))
    await follow(work, customer, decided_on)


async def follow(work: Work, customer: Customer, decided_on: date) -> None:
    """What follows when something that belonging depends on has changed: split and grants."""
    await renew_split.handle(work, customer, decided_on)
    await refresh_scope.handle(work, customer.customer_key)
    if customer.head_office_key is not None:
        await refresh_scope.handle(work, customer.head_office_key)
