"""The province gives an approved customer its ID (R-31 to R-33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.register import customers as domain
from services.registry.domain.register.customer_ids import Finding, require_issuer
from services.registry.domain.register.customers import Customer
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.register import issue_id
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers, moves
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RegisterCustomer:
    """Who registers the customer, on which day."""

    customer_key: UUID
    by: Actor
    expected_version: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """The registered customer, and a warning when numbers run short (C17)."""

    customer: Customer
    warning: Finding | None


async def handle(work: Work, command: RegisterCustomer) -> Registration:
    """Issue the ID in the transaction that registers, so no number is lost or given twice.

    Raises OnlyTheProvinceIssues, WrongState, UnknownDivision, RetiredDivision, NumbersUsedUp,
    HeadOfficeUnregistered, StaleVersion.
    """
    on = business_day(command.on, work.today)
    units = await organisation.lineage(work, [command.by.unit])
    require_issuer(units.unit(command.by.unit))
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    domain.require_approved(customer)

    issued = await issue_id.handle(work, customer, on)
    registered = domain.registered(customer, issued.customer_id, on)

    await customers.save(work, registered)
    await moves.record_issue(work, [registered], issued.division_digits, on)
    await customers.note(work, registered, "registered", on, command.by.staff_code)
    codes = await customers.codes(work, customer.customer_key)
    await tell(work, customer_changed(registered, codes))
    return Registration(registered, issued.warning)
