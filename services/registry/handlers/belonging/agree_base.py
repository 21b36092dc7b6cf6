"""Base and increment of a customer are set apart: who keeps the one, who gets the other (R-44)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.bases import BaseAgreement, Basis, agree
from services.registry.domain.belonging.jurisdiction import JurisdictionRules, require_declared
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.splits import Shares
from services.registry.handlers.belonging import change_owner
from services.registry.storage.belonging import bases, ownership
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AgreeBase:
    """An agreement from a day on; `base_amount` in yuan a calendar year, for a fixed base."""

    customer_key: UUID
    by: Actor
    basis: Basis
    effective_on: date
    reason: str
    base: Shares = ()
    increment: Shares = ()
    base_amount: Decimal | None = None
    on: date | None = None


async def handle(work: Work, command: AgreeBase) -> BaseAgreement:
    """Keep the agreement and share the revenue anew from its day on (R-44, C16).

    Raises NobodyOwns, NotADecider, BaseOutOfReach, NotTheWhole, Invalid, NoAgreementToEnd.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    known = await bases.agreements(work, command.customer_key)
    owner = require_owner(await ownership.ownerships(work, command.customer_key)).owner_unit
    rules = await in_force(work, JurisdictionRules, on)
    found = BaseAgreement(
        basis=command.basis,
        effective_on=command.effective_on,
        version=len(known) + 1,
        base=command.base,
        increment=command.increment,
        base_amount=command.base_amount,
    )
    units = await organisation.lineage(work, [owner, command.by.unit, *found.units])

    require_declared(customer.declared_on, command.effective_on)
    agree(found, known, command.by, units, rules.body, owner)

    decision = (command.by.staff_code, command.by.unit, on, command.reason)
    await bases.add(work, customer.customer_key, found, decision)
    await change_owner.follow(work, customer, on)
    return found
