"""The province gives a customer its type, which says who leads and whose the revenue is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.jurisdiction import JurisdictionRules, require_declared
from services.registry.domain.belonging.ownership import (
    Ownership,
    OwnershipRule,
    by_province,
    require_owner,
)
from services.registry.domain.belonging.types import (
    Classification,
    CustomerType,
    ServiceLinks,
    TypeTerms,
    classify,
    owner_by_type,
)
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import change_owner, renew_split
from services.registry.storage.belonging import ownership, types
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ClassifyCustomer:
    """A type from a day on; `owner_unit` only where a type ends and somebody else takes over."""

    customer_key: UUID
    by: Actor
    type: CustomerType
    effective_on: date
    reason: str
    terms: TypeTerms = field(default_factory=TypeTerms)
    owner_unit: str | None = None
    on: date | None = None


async def handle(work: Work, command: ClassifyCustomer) -> Classification:
    """Keep the type; owner, split and grants follow, those of branches too (R-38 to R-41).

    Raises NobodyOwns, NotADecider, OnlyTheProvinceDecides, TypeMismatch, NoTypeToEnd, NoCentre.
    """
    on = business_day(command.on, work.today)
    family = await types.hold_family(work, command.customer_key)
    customer = await customers.load(work, command.customer_key)
    known = await types.classifications(work, command.customer_key)
    owners = await ownership.ownerships(work, command.customer_key)
    rules = await in_force(work, JurisdictionRules, on)
    links = await _links(work, command, on)
    named = [*command.terms.units, command.terms.specialty, command.owner_unit, command.by.unit]
    units = await organisation.lineage(work, named)

    require_owner(owners)
    require_declared(customer.declared_on, command.effective_on)
    found = Classification(command.type, command.effective_on, len(known) + 1, command.terms)
    classify(found, known, command.by, units, rules.body, links)
    owner = _owner(command, found, owners, on)

    decision = (command.by.staff_code, command.by.unit, on, command.reason)
    await types.add(work, customer.customer_key, found, decision, rules.reference)
    await _follow(work, customer, owner, on)
    await renew_split.each(work, [key for key in family if key != customer.customer_key], on)
    return found


async def _links(work: Work, command: ClassifyCustomer, on: date) -> ServiceLinks:
    if command.type is not CustomerType.C:
        return ServiceLinks(())
    return (await in_force(work, ServiceLinks, on)).body


async def _follow(work: Work, customer: Customer, owner: Ownership | None, on: date) -> None:
    if owner is not None:
        await change_owner.handle(work, customer, owner, on)
    else:
        await change_owner.follow(work, customer, on)


def _owner(
    command: ClassifyCustomer, found: Classification, owners: Sequence[Ownership], on: date
) -> Ownership | None:
    unit = owner_by_type(found, province=command.by.unit) or command.owner_unit
    if unit is None:
        return None
    is_end = found.type is CustomerType.NONE
    rule = OwnershipRule.ROUTING if is_end else OwnershipRule(f"type-{found.type.value}")
    return by_province(owners, unit, rule, command.effective_on, on)
