"""The administrator proposes who develops and serves, the director approves (R-09)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..actors import Actor
from ..centres.organisation import Organisation
from .declaration_refusals import NoProposal, NotAProposer, OwnProposal
from .declarations import (
    Declaration,
    DeclarationApproval,
    Developers,
    developers_of,
    require_submitted,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is to develop and serve, as somebody proposed it; the newest of a declaration counts."""

    declaration_id: UUID
    sequence: int
    developers: Developers
    proposed_by: str
    proposed_on: date
    reason: str


def may_propose(actor: Actor, policy: DeclarationApproval) -> bool:
    """Whether `actor` has a role whose word is a proposal (R-09)."""
    return bool(actor.roles & set(policy.proposer_roles))


def propose(
    declaration: Declaration,
    actor: Actor,
    organisation: Organisation,
    policy: DeclarationApproval,
    development_unit: str,
    joint_units: Iterable[str],
) -> Developers:
    """The developers that `actor` proposes; raises AlreadyDecided, NotAProposer, NoCentre (R-09).

    The administrator works at the centre that declares, or at one above it.
    """
    require_submitted(declaration)
    is_above = organisation.is_within(declaration.declaring_unit, actor.unit)
    if not (may_propose(actor, policy) and is_above):
        raise NotAProposer(
            f"须由 {declaration.declaring_unit} 或其上级的 {'、'.join(policy.proposer_roles)} 提出",
            f"{' or '.join(policy.proposer_roles)} of {declaration.declaring_unit} or of a centre"
            " above proposes",
            proposer_roles=list(policy.proposer_roles),
            declaring_unit=declaration.declaring_unit,
        )
    return developers_of(organisation, development_unit, joint_units)


def require_proposed(
    declaration: Declaration, latest: Proposal | None, actor: Actor, policy: DeclarationApproval
) -> Developers:
    """What was proposed, for the director to approve; raises NoProposal, OwnProposal (R-09).

    Where policy asks for no proposal, what the declaration says stands for one.
    """
    if latest is None and policy.is_proposal_required:
        raise NoProposal(
            f"{'、'.join(policy.proposer_roles)} 尚未提出开发与服务单位",
            f"{' or '.join(policy.proposer_roles)} has not proposed yet who develops and serves",
            declaration_id=str(declaration.declaration_id),
            proposer_roles=list(policy.proposer_roles),
        )
    if latest is None:
        return Developers(declaration.development_unit, declaration.joint_units)
    if latest.proposed_by == actor.staff_code:
        raise OwnProposal(
            f"{actor.staff_code} 于 {latest.proposed_on} 提出了该提议",
            f"{actor.staff_code} made the proposal on {latest.proposed_on}",
        )
    return latest.developers
