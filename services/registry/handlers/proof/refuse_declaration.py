"""A director above refuses: the customer is closed before it was developed (R-09, R-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.proof.declaration_decisions import refuse
from services.registry.domain.proof.declarations import Declaration, DeclarationApproval
from services.registry.domain.register import customers as domain
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.centres import organisation
from services.registry.storage.proof import chain, declarations
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class RefuseDeclaration:
    """The refusal and its reason, which stays in registry."""

    declaration_id: UUID
    by: Actor
    expected_version: int
    reason: str
    on: date | None = None


async def handle(work: Work, command: RefuseDeclaration) -> Declaration:
    """Refuse the declaration; raises as `approve_declaration` does (R-20)."""
    on = business_day(command.on, work.today)
    customer = await customers.load(
        work, await declarations.customer_of(work, command.declaration_id)
    )
    declaration = await declarations.load(work, command.declaration_id)
    require_version(command.expected_version, declaration.version)
    units = await organisation.lineage(work, [declaration.declaring_unit, command.by.unit])
    policy = await in_force(work, DeclarationApproval, on)

    decided = refuse(declaration, command.by, units, policy.body, on, command.reason)
    closed = domain.refused(customer, on)

    await declarations.save_decision(work, decided)
    await chain.record_decision(work, decided)
    await customers.save(work, closed)
    await customers.note(work, closed, "refused", on, command.by.staff_code, command.reason)
    await tell(work, customer_changed(closed, await customers.codes(work, customer.customer_key)))
    return decided
