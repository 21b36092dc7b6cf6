"""A person hands the lead from A to B or back; no contract undoes it (R-48)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.people.managers import swap
from services.registry.handlers.people import settle_managers
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SwapManagers:
    """Who swaps the managers, from which day on, and why; the words stay in registry."""

    customer_key: UUID
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: SwapManagers) -> None:
    """Swap who leads; raises NobodyToSwap, SwapOutOfTurn, NotResponsible, StaleVersion (R-48)."""
    on = business_day(command.on, work.today)
    customer = (await customers.load(work, command.customer_key)).require_development()
    history = await managers.history(work, command.customer_key)
    _, version = await managers.current(work, command.customer_key)
    require_version(command.expected_version, version)
    owner = require_owner(await ownership.ownerships(work, command.customer_key))
    responsible = [owner.owner_unit, *customer.joint_units]
    units = await organisation.lineage(work, [*responsible, command.by.unit])

    require_responsible(command.by, responsible, units)
    swapped = swap(history, on)

    by = command.by.staff_code
    await managers.add_swap(work, command.customer_key, swapped, by, command.reason)
    await settle_managers.handle(work, command.customer_key)
