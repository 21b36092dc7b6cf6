"""A customer moves, or its division got another code: the ID stays, the division changes (C18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.register.customers import Customer
from services.registry.domain.register.divisions import require_in_force
from services.registry.domain.register.moves import Move, move
from services.registry.domain.register.quality import FlaggedField, FlagOutcome, resolve
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.register import customers, moves, quality
from services.registry.storage.register.divisions import known_divisions
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class MoveCustomer:
    """Where the customer is from the day `on`, and why."""

    customer_key: UUID
    by: Actor
    expected_version: int
    division_code: str
    reason: str
    on: date | None = None


async def handle(work: Work, command: MoveCustomer) -> Customer:
    """Give the customer its present division; the ID and what it was issued under stay (C18).

    A flag on its division is thereby resolved.

    Raises UnknownDivision, RetiredDivision, SameDivision, WrongState, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    require_version(command.expected_version, customer.version)
    divisions = await known_divisions(work, [command.division_code])

    division = require_in_force(divisions, command.division_code, on, "/division_code")
    moved, step = move(customer, division, on=on, reason=command.reason, by=command.by.staff_code)

    await customers.save(work, moved)
    await moves.add(work, moved, step)
    await customers.note(work, moved, "moved", on, command.by.staff_code, command.reason)
    await _settle_flags(work, moved, step)
    await tell(work, customer_changed(moved, await customers.codes(work, moved.customer_key)))
    return moved


async def _settle_flags(work: Work, customer: Customer, step: Move) -> None:
    for kept in await quality.open_flags(work, customer.customer_key):
        if kept.flag.field is FlaggedField.DIVISION:
            resolution = resolve(
                kept,
                FlagOutcome.CORRECTED,
                step.to_division,
                reason=step.reason,
                on=step.on,
                by=step.moved_by,
            )
            await quality.keep(work, resolution)
