"""A director above approves: from now on the customer may be developed (R-09, R-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import OwnershipRule, first_owner
from services.registry.domain.proof.declaration_decisions import approve, assign_developers
from services.registry.domain.proof.declarations import Declaration, DeclarationApproval
from services.registry.domain.proof.proposals import Proposal, require_proposed
from services.registry.domain.register import customers as domain
from services.registry.handlers.belonging import change_owner, find_authority
from services.registry.handlers.cases import route_customer
from services.registry.handlers.proof import check_documents
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.handlers.recognition import recognise_key_account
from services.registry.storage.archive import files
from services.registry.storage.centres import organisation
from services.registry.storage.proof import chain, declarations, proposals
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work

APPROVED = "核准申报 / the declaration was approved"


@dataclass(frozen=True, slots=True)
class ApproveDeclaration:
    """The approval, with the developers if they are others than proposed (R-09)."""

    declaration_id: UUID
    by: Actor
    expected_version: int
    on: date | None = None
    development_unit: str | None = None
    joint_units: Sequence[str] | None = None
    reason: str | None = None
    is_history: bool = False
    """Imported: approved long ago, when nobody kept proposals and documents here."""


async def handle(work: Work, command: ApproveDeclaration) -> Declaration:
    """Approve the declaration; its development unit owns the customer from that day (R-20).

    Raises AlreadyDecided, NotAnApprover, NotTheSuperior, OwnDeclaration, NoProposal, OwnProposal,
    DeviationUnexplained, NoCentre, DeveloperOutOfReach, NotRecognised (R-15),
    DocumentsLacking, StaleVersion.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(
        work, await declarations.customer_of(work, command.declaration_id)
    )
    declaration = await declarations.load(work, command.declaration_id)
    require_version(command.expected_version, declaration.version)
    proposal = await proposals.latest(work, command.declaration_id)
    named = _units(declaration, proposal, command)
    units = await organisation.lineage(work, named)
    authority = await find_authority.to_approve(
        *(work, command.by, declaration.declaring_unit, named, units, on)
    )
    policy = await in_force(work, DeclarationApproval, on)
    await recognise_key_account.require(work, customer, on)

    decided = approve(declaration, authority.actor, units, policy.body, on, command.reason)
    rules = replace(policy.body, is_proposal_required=False) if command.is_history else policy.body
    developers = assign_developers(
        require_proposed(declaration, proposal, command.by, rules),
        *(authority.actor, units, command.development_unit, command.joint_units, command.reason),
    )
    approved = domain.approved(customer, on, developers.joint_units)
    inputs = {} if command.is_history else await check_documents.seen(work, customer, decided, on)
    if authority.delegation is not None:
        inputs["delegation_id"] = str(authority.delegation.delegation_id)
    owner = first_owner(developers.development_unit, OwnershipRule.DECLARATION, on)

    await declarations.save_decision(work, decided)
    await chain.record_decision(
        work, decided, developers, {"policy_version": policy.version, **inputs}
    )
    await customers.save(work, approved)
    await customers.note(work, approved, "approved", on, command.by.staff_code, command.reason)
    await tell(work, customer_changed(approved, await customers.codes(work, customer.customer_key)))
    decision = (command.by.staff_code, command.by.unit, on, command.reason or APPROVED)
    await route_customer.on_approval(work, approved, developers.development_unit, units, decision)
    await change_owner.handle(work, approved, owner, on)
    await files.opened(work, customer.customer_key, on)
    return decided


def _units(
    declaration: Declaration, proposal: Proposal | None, command: ApproveDeclaration
) -> list[str | None]:
    proposed = proposal.developers if proposal else None
    return [
        *(declaration.declaring_unit, declaration.development_unit, *declaration.joint_units),
        *((proposed.development_unit, *proposed.joint_units) if proposed else ()),
        *(command.by.unit, command.development_unit, *(command.joint_units or ())),
    ]
