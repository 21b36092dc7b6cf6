"""A credit problem stops everything; lifting it leads back to where it was (R-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.register import customers as domain
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SuspendCustomer:
    """Who suspends the customer, or lifts the suspension, and why; the words stay in registry."""

    customer_key: UUID
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: SuspendCustomer) -> Customer:
    """Suspend the customer; raises WrongState, StaleVersion (R-22)."""
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    stopped = domain.suspended(customer, command.reason, on)
    return await _keep(work, stopped, "suspended", on, command)


async def resume(work: Work, command: SuspendCustomer) -> Customer:
    """Lift the suspension; raises WrongState, StaleVersion (R-22)."""
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    return await _keep(work, domain.resumed(customer), "resumed", on, command)


async def _keep(
    work: Work, customer: Customer, step: str, on: date, command: SuspendCustomer
) -> Customer:
    await customers.save(work, customer)
    await customers.note(work, customer, step, on, command.by.staff_code, command.reason)
    codes = await customers.codes(work, customer.customer_key)
    await tell(work, customer_changed(customer, codes))
    return customer
