"""The administrator proposes who develops and serves, before the director decides (R-09)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.proof.declarations import Declaration, DeclarationApproval
from services.registry.domain.proof.proposals import Proposal, propose
from services.registry.storage.centres import organisation
from services.registry.storage.proof import chain, declarations, proposals
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ProposeDevelopers:
    """Which unit is to develop and serve, which with it, and why."""

    declaration_id: UUID
    by: Actor
    expected_version: int
    development_unit: str
    reason: str
    joint_units: Sequence[str] = ()
    on: date | None = None


async def handle(work: Work, command: ProposeDevelopers) -> Declaration:
    """Keep the proposal; it takes the place of an earlier one, which stays in the history.

    Raises AlreadyDecided, NotAProposer, NoCentre, StaleVersion.
    """
    on = business_day(command.on, work.today)
    await customers.load(work, await declarations.customer_of(work, command.declaration_id))
    declaration = await declarations.load(work, command.declaration_id)
    require_version(command.expected_version, declaration.version)
    named = [declaration.declaring_unit, command.by.unit, command.development_unit]
    units = await organisation.lineage(work, [*named, *command.joint_units])
    policy = await in_force(work, DeclarationApproval, on)

    developers = propose(
        *(declaration, command.by, units, policy.body),
        *(command.development_unit, command.joint_units),
    )
    before = await proposals.latest(work, declaration.declaration_id)
    proposal = Proposal(
        declaration_id=declaration.declaration_id,
        sequence=before.sequence + 1 if before else 1,
        developers=developers,
        proposed_by=command.by.staff_code,
        proposed_on=on,
        reason=command.reason,
    )

    advanced = dataclasses.replace(declaration, version=declaration.version + 1)
    await keep(work, advanced, proposal)
    await declarations.save_version(work, advanced)
    return advanced


async def keep(work: Work, declaration: Declaration, proposal: Proposal) -> None:
    """Keep and chain a proposal (R-09, R-21)."""
    await proposals.add(work, declaration, proposal)
    await chain.record_step(
        work,
        declaration,
        "proposed",
        {
            "development_unit": proposal.developers.development_unit,
            "joint_units": list(proposal.developers.joint_units),
            "proposed_by": proposal.proposed_by,
            "proposed_on": proposal.proposed_on.isoformat(),
            "reason": proposal.reason,
        },
    )
