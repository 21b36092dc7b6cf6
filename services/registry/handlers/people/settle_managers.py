"""Who manages, folded from all that is known, told when it is different from before (R-48)."""

from __future__ import annotations

from uuid import UUID

from services.registry.domain.people.managers import managers_of
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.publishing import managers_assigned, tell
from services.registry.storage.people import managers
from shared.work import Work


async def handle(work: Work, customer_key: UUID) -> None:
    """Fold assignments, signatures and swaps of a customer, whose row is held (R-48)."""
    history = await managers.history(work, customer_key)
    known, version = await managers.current(work, customer_key)
    folded = managers_of(history)
    if folded is None or folded == known:
        return
    await managers.keep(work, customer_key, folded, version + 1)
    await tell(work, managers_assigned(customer_key, folded, version + 1))
    await refresh_scope.handle(work, customer_key)
