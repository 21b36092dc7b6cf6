"""What a customer is like is brought up to date; what it is stays as declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.register.customers import Customer
from services.registry.domain.register.quality import (
    FlaggedField,
    FlagOutcome,
    Said,
    flags_of,
    resolve,
)
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.register import recognise_customer
from services.registry.storage.register import customers, quality
from services.registry.storage.register.readings import capital_amount
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AmendCustomer:
    """The new description; a field that is None is left as it was."""

    customer_key: UUID
    by: Actor
    expected_version: int
    short_name: str | None = None
    industry: str | None = None
    specialty_class: str | None = None
    visit_class: str | None = None
    is_one_off: bool | None = None
    traits: Sequence[str] | None = None
    registered_capital: str | None = None
    codes: tuple[tuple[str, str], ...] = ()
    on: date | None = None


async def handle(work: Work, command: AmendCustomer) -> Customer:
    """Keep the new description and cross-reference the `codes`; raises StaleVersion, CodeTaken.

    A capital in words that say no amount in yuan is kept as it is, and flagged (X-11).
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    amended = replace(
        customer,
        short_name=command.short_name or customer.short_name,
        industry=command.industry or customer.industry,
        specialty_class=command.specialty_class or customer.specialty_class,
        visit_class=command.visit_class or customer.visit_class,
        is_one_off=customer.is_one_off if command.is_one_off is None else command.is_one_off,
        traits=customer.traits if command.traits is None else tuple(sorted(set(command.traits))),
        registered_capital=command.registered_capital or customer.registered_capital,
        capital_amount=(
            capital_amount(command.registered_capital)
            if command.registered_capital
            else customer.capital_amount
        ),
        version=customer.version + 1,
    )
    await _settle_capital(work, amended, command, on)
    await customers.save(work, amended)
    await customers.note(work, amended, "amended", on, command.by.staff_code)
    await recognise_customer.link(work, customer, command.codes)
    codes = await customers.codes(work, customer.customer_key)
    await tell(work, customer_changed(amended, codes))
    return amended


async def _settle_capital(work: Work, customer: Customer, command: AmendCustomer, on: date) -> None:
    """What is said of the capital now answers an earlier flag, and may be flagged itself."""
    said = command.registered_capital
    if said is None:
        return
    for kept in await quality.open_flags(work, customer.customer_key):
        if kept.flag.field is FlaggedField.CAPITAL:
            by, why = command.by.staff_code, "更新注册资本 / the capital was amended"
            settled = resolve(kept, FlagOutcome.CORRECTED, said, reason=why, on=on, by=by)
            await quality.keep(work, settled)
    is_readable = customer.capital_amount is not None
    flags = flags_of(Said(capital=said, capital_is_readable=is_readable))
    source = (work.service, None)
    await quality.add(work, [(customer.customer_key, flag, source) for flag in flags])
