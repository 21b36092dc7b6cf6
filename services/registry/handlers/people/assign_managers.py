"""A customer gets its A and B managers (R-48)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.people.manager_pairs import ManagerPairs, assign
from services.registry.domain.people.succession import Pair, pair_of, require_bridge
from services.registry.handlers.conduct import register_interest
from services.registry.handlers.handovers import to_after_sales
from services.registry.handlers.people import settle_managers
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation, staff
from services.registry.storage.people import managers, rotations
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AssignManagers:
    """Who A and B are from `on`; 0 is the expected version before the first assignment."""

    customer_key: UUID
    by: Actor
    expected_version: int
    a_staff_code: str
    b_staff_code: str | None = None
    on: date | None = None


async def handle(work: Work, command: AssignManagers) -> tuple[str, ...]:
    """Assign the managers; a contract that came before them keeps its effect (R-48).

    Returns those of them with an interest in the customer, where the policy only warns (R-78).

    Raises NotDeveloped, Suspended (R-20, R-22), NotResponsible (R-46), NotOnDuty, SamePersonTwice,
    NotTheOwnersStaff, SecondManagerMissing, BridgeMustStay (R-50), ConflictOfInterest (R-78),
    AssignmentOutOfTurn, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = (await customers.load(work, command.customer_key)).require_development()
    history = await managers.history(work, command.customer_key)
    held, version = await managers.current(work, command.customer_key)
    require_version(command.expected_version, version)
    a = await staff.on_day(work, command.a_staff_code, on, "/a_staff_code")
    b = None
    if command.b_staff_code is not None:
        b = await staff.on_day(work, command.b_staff_code, on, "/b_staff_code")
    owner = require_owner(await ownership.ownerships(work, command.customer_key))
    responsible = [owner.owner_unit, *customer.joint_units]
    units = await organisation.lineage(work, [*responsible, a.unit, command.by.unit])
    pairs = await in_force(work, ManagerPairs, on)
    tiers = await managers.tiers_on(work, command.customer_key, on)

    require_responsible(command.by, responsible, units)
    assign(units, responsible, a, b, needs_two=pairs.body.ask_for_two(tiers))
    bridges = await rotations.bridges(work, command.customer_key)
    require_bridge(pair_of(held), Pair(a.code, b.code if b else None), bridges, on)
    people = [a.code, *([b.code] if b else [])]
    warnings = await register_interest.check(work, command.customer_key, people, on)
    assignment = history.next_assignment(a.code, b.code if b else None, on)

    await managers.add_assignment(work, command.customer_key, assignment, command.by.staff_code)
    await settle_managers.handle(work, command.customer_key)
    await to_after_sales.handle(work, command.customer_key)
    return warnings
