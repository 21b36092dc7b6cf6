"""Who manages, folded from all that is known, told when it is different from before (R-48)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.registry.domain.people.managers import managers_of
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.publishing import managers_assigned, tell
from services.registry.storage.people import managers
from shared.work import Work


async def handle(work: Work, customer_key: UUID) -> None:
    """Fold assignments, signatures and swaps of a customer, whose row is held (R-48)."""
    if await signed(work, [customer_key]):
        await refresh_scope.handle(work, customer_key)


async def signed(work: Work, customer_keys: Iterable[UUID]) -> bool:
    """As `handle`, of customers who signed: who leads may change, and nobody's sight does.

    Returns whether there was anything to tell.
    """
    keys = sorted(customer_keys)
    histories, known = await managers.histories(work, keys), await managers.currents(work, keys)
    told = []
    for key in keys:
        before, version = known.get(key, (None, 0))
        folded = managers_of(histories[key])
        if folded is not None and folded != before:
            await managers.keep(work, key, folded, version + 1)
            told.append(managers_assigned(key, folded, version + 1))
    await tell(work, *told)
    return bool(told)
