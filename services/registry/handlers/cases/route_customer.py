"""The province gives a customer to a specialty bureau, or authorises who declared it (R-43)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import JurisdictionRules, require_declared
from services.registry.domain.belonging.ownership import (
    OwnershipRule,
    by_province,
    require_owner,
)
from services.registry.domain.cases.routings import Outcome, Routing, city_concerned, route
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import change_owner
from services.registry.storage.belonging import ownership
from services.registry.storage.cases import notices, routings
from services.registry.storage.cases.routings import Decision
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RouteCustomer:
    """A decision about a specialty; without a bureau the declaring unit is authorised."""

    customer_key: UUID
    by: Actor
    specialty_unit: str | None
    effective_on: date
    reason: str
    on: date | None = None


async def handle(work: Work, command: RouteCustomer) -> Routing:
    """Keep the decision, inform the city, and let owner, split and grants follow (R-43).

    A ruling stands above it and leaves the owner as it is. Raises NobodyOwns, NotADecider,
    OnlyTheProvinceDecides, NotASpecialtyBureau, BeforeDeclaration.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    owners = await ownership.ownerships(work, command.customer_key)
    require_owner(owners)
    rules = await in_force(work, JurisdictionRules, on)
    named = [command.specialty_unit, customer.declaring_unit, command.by.unit]
    units = await organisation.lineage(work, named)

    require_declared(customer.declared_on, command.effective_on)
    found = route(
        *(command.specialty_unit, customer.declaring_unit, command.by),
        *(units, rules.body, command.effective_on),
        await organisation.city_of_division(work, customer.division_code),
    )
    owner = by_province(owners, found.unit, OwnershipRule.ROUTING, found.effective_on, on)

    decision = (command.by.staff_code, command.by.unit, on, command.reason)
    await _keep(work, customer, found, decision)
    if owner is not None:
        await change_owner.handle(work, customer, owner, on)
    else:
        await change_owner.follow(work, customer, on)
    return found


async def on_approval(
    work: Work, customer: Customer, developer: str, units: Organisation, decision: Decision
) -> None:
    """An approval gives the customer to a specialty bureau: that too the city hears of (R-43)."""
    lies_in = await organisation.city_of_division(work, customer.division_code)
    informed = city_concerned(units, developer, customer.declaring_unit, lies_in)
    if informed is not None:
        _, _, on, _ = decision
        await _keep(work, customer, Routing(Outcome.SPECIALTY, developer, informed, on), decision)


async def _keep(work: Work, customer: Customer, found: Routing, decision: Decision) -> None:
    key, (_, _, on, _) = customer.customer_key, decision
    await routings.add(work, key, found, decision)
    if found.informed_unit is not None:
        await notices.add(work, found.informed_unit, key, notices.ROUTED, None, on)
