"""Who decides about a declaration, and who is to develop by it (R-09, R-20)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date

from services.registry.domain.proof.declarations import (
    Declaration,
    DeclarationApproval,
    DeclarationState,
    Developers,
    developers_of,
    require_submitted,
)
from shared.errors import Invalid

from ..actors import Actor
from ..centres.organisation import Organisation
from .declaration_refusals import (
    DeveloperOutOfReach,
    DeviationUnexplained,
    NotAnApprover,
    NotTheSuperior,
    OwnDeclaration,
)


def approve(
    declaration: Declaration,
    actor: Actor,
    organisation: Organisation,
    policy: DeclarationApproval,
    on: date,
    reason: str | None = None,
) -> Declaration:
    """The approved declaration (R-09, R-20); raises AlreadyDecided, NotAnApprover, NotTheSuperior,
    OwnDeclaration. The province decides about its own declarations: nothing stands above it. A
    specialty bureau is confirmed by the centre of its level, or one above that (R-07)."""
    _require_decider(declaration, actor, organisation, policy)
    return _decided(declaration, DeclarationState.APPROVED, actor, on, reason)


def refuse(
    declaration: Declaration,
    actor: Actor,
    organisation: Organisation,
    policy: DeclarationApproval,
    on: date,
    reason: str,
) -> Declaration:
    """The refused declaration, with the reason; raises as `approve` does (R-20)."""
    _require_decider(declaration, actor, organisation, policy)
    return _decided(declaration, DeclarationState.REFUSED, actor, on, reason)


def assign_developers(
    proposed: Developers,
    actor: Actor,
    organisation: Organisation,
    development_unit: str | None,
    joint_units: Iterable[str] | None,
    reason: str | None = None,
) -> Developers:
    """Who develops by the approval: what was proposed, unless the director says otherwise (R-09).

    Raises NoCentre for a branch (R-04), DeviationUnexplained when the director decides otherwise
    without a reason, DeveloperOutOfReach for a unit outside the territory of the one who approves.
    """
    decided = developers_of(
        organisation,
        development_unit or proposed.development_unit,
        proposed.joint_units if joint_units is None else joint_units,
    )
    if decided != proposed and reason is None:
        raise DeviationUnexplained(
            f"与提议（{proposed.said}）不同，须说明理由",
            f"decided otherwise than proposed ({proposed.said}): say why",
            pointer="/reason",
            proposed=[proposed.development_unit, *proposed.joint_units],
        )
    for unit in (decided.development_unit, *decided.joint_units):
        if not organisation.is_within(unit, actor.unit):
            raise DeveloperOutOfReach(
                f"{unit} 不在 {actor.unit} 的辖区内，须由更上一级核准",
                f"{unit} does not lie in the territory of {actor.unit}; a centre above approves",
                pointer="/development_unit",
                unit=unit,
            )
    return decided


def _require_decider(
    declaration: Declaration,
    actor: Actor,
    organisation: Organisation,
    policy: DeclarationApproval,
) -> None:
    require_submitted(declaration)
    if not actor.roles & set(policy.approver_roles):
        raise NotAnApprover(
            f"{actor.staff_code} 没有核准申报的岗位（{'、'.join(policy.approver_roles)}）",
            f"{actor.staff_code} has none of the roles {', '.join(policy.approver_roles)}",
            approver_roles=list(policy.approver_roles),
        )
    if actor.staff_code == declaration.declared_by:
        raise OwnDeclaration(
            f"{actor.staff_code} 是申报人",
            f"{actor.staff_code} made the declaration",
        )
    own = organisation.unit(declaration.declaring_unit)
    is_own_province = own.parent is None and actor.unit == own.code
    if not (is_own_province or organisation.is_strictly_above(actor.unit, own.code)):
        raise NotTheSuperior(
            f"{actor.unit} 不是 {own.code} 的上级",
            f"{actor.unit} does not stand above {own.code}",
            unit=actor.unit,
            declaring_unit=own.code,
        )


def _decided(
    declaration: Declaration,
    state: DeclarationState,
    actor: Actor,
    on: date,
    reason: str | None,
) -> Declaration:
    if on < declaration.declared_on:
        raise Invalid(
            f"决定日期 {on} 早于申报日期 {declaration.declared_on}",
            f"decided on {on}, before it was declared on {declaration.declared_on}",
            pointer="/on",
        )
    return dataclasses.replace(
        declaration,
        state=state,
        decided_by=actor.staff_code,
        decided_on=on,
        decision_reason=reason,
        version=declaration.version + 1,
    )
