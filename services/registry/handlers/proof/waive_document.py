"""A document that policy allows to be waived is not asked for with one declaration (R-26)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.proof.declarations import Declaration, require_submitted
from services.registry.domain.proof.documents import RequiredDocuments, require_waivable
from services.registry.storage.proof import chain, declarations, documents
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class WaiveDocument:
    """Which document is not asked for, and why."""

    declaration_id: UUID
    by: Actor
    expected_version: int
    document: str
    reason: str
    on: date | None = None


async def handle(work: Work, command: WaiveDocument) -> Declaration:
    """Keep and chain the waiver; raises AlreadyDecided, WaiverNotAllowed, StaleVersion."""
    on = business_day(command.on, work.today)
    await customers.load(work, await declarations.customer_of(work, command.declaration_id))
    declaration = await declarations.load(work, command.declaration_id)
    require_version(command.expected_version, declaration.version)
    policy = await in_force(work, RequiredDocuments, on)

    require_submitted(declaration)
    rule = require_waivable(policy.body, command.document, command.by)
    if rule.document in await documents.waived(work, declaration.declaration_id):
        return declaration

    advanced = dataclasses.replace(declaration, version=declaration.version + 1)
    waived = (rule.document, command.by.staff_code, on, command.reason, policy.version)
    await documents.waive(work, declaration, *waived)
    await chain.record_step(
        work,
        declaration,
        "waived",
        {
            "document": rule.document,
            "waived_by": command.by.staff_code,
            "waived_on": on.isoformat(),
            "reason": command.reason,
            "policy_version": policy.version,
        },
    )
    await declarations.save_version(work, advanced)
    return advanced
