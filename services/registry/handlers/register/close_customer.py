"""A customer is closed, or taken up again; its ID is never given to anybody else (R-33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.register import closing
from services.registry.domain.register.closing import Matter
from services.registry.domain.register.customers import Customer
from services.registry.handlers.cases import open_to_appeal
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.register import recognise_customer
from services.registry.storage.register import customers, matters
from shared.directory import identities
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class CloseCustomer:
    """Who closes the customer, or takes it up again, and why; the words stay in registry."""

    customer_key: UUID
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: CloseCustomer) -> Customer:
    """Close the customer; raises WrongState, StillOpen, StaleVersion (R-33)."""
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    under_way = await _under_way(work, customer, on)
    closed = closing.closed(customer, under_way, on)
    return await _keep(work, closed, "closed", on, command)


async def reopen(work: Work, command: CloseCustomer) -> Customer:
    """Take the customer up again under its old ID; a decision of its own.

    Raises WrongState, StaleVersion, CustomerExists when somebody else has its credit code now.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    head_office = None
    if customer.head_office_key is not None:
        head_office = await customers.load(work, customer.head_office_key)
    reopened = closing.reopened(customer, head_office)
    await recognise_customer.require_new(
        work, customer.unified_credit_code, customer.head_office_key or customer.customer_key
    )
    return await _keep(work, reopened, "reopened", on, command)


async def _under_way(work: Work, customer: Customer, on: date) -> dict[Matter, list[UUID]]:
    """Of the whole customer, those included who were merged into it (R-81)."""
    whole = await identities.same_customer(work, customer.customer_key)
    found = await matters.under_way(work, whole)
    rulings = [each for key in whole for each in await open_to_appeal.handle(work, key, on)]
    branches = await customers.living_branches(work, customer.customer_key)
    return {**found, Matter.RULINGS: rulings, Matter.BRANCHES: branches}


async def _keep(
    work: Work, customer: Customer, step: str, on: date, command: CloseCustomer
) -> Customer:
    await customers.save(work, customer)
    await customers.note(work, customer, step, on, command.by.staff_code, command.reason)
    await tell(work, customer_changed(customer, await customers.codes(work, customer.customer_key)))
    return customer
