"""Declaration before development: declared upwards, approved by a director above (R-20, R-21)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from ..centres.organisation import Level, Organisation
from .declaration_refusals import (
    AlreadyDecided,
    NotABranch,
    OutsideOwnUnit,
)


@dataclass(frozen=True)
class DeclarationApproval:
    """Who may approve or refuse a declaration, and who proposes its developers before (R-09)."""

    policy_name: ClassVar[str] = "declaration-approval"

    approver_roles: tuple[str, ...]
    proposer_roles: tuple[str, ...] = ()
    """Whose declaration says at the same time who is proposed to develop."""
    is_proposal_required: bool = False
    """Whether nothing is approved before one of them has proposed."""


class DeclarationState(StrEnum):
    """A declaration is decided once."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration as submitted; only its state and decision are ever added."""

    declaration_id: UUID
    customer_key: UUID
    declaring_unit: str
    declared_by: str
    declared_on: date
    reporting_branch: str | None
    development_unit: str
    joint_units: tuple[str, ...]
    state: DeclarationState = DeclarationState.SUBMITTED
    decided_by: str | None = None
    decided_on: date | None = None
    decision_reason: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Filing:
    """Which units a declaration concerns, once the organisation has been asked."""

    declaring_unit: str
    reporting_branch: str | None
    development_unit: str
    joint_units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Developers:
    """Which unit develops a customer, and which develop it jointly."""

    development_unit: str
    joint_units: tuple[str, ...]

    @property
    def said(self) -> str:
        """The units, for people to read."""
        return "、".join((self.development_unit, *self.joint_units))


def file(
    organisation: Organisation,
    *,
    filed_at: str,
    declaring_unit: str | None = None,
    reporting_branch: str | None = None,
    development_unit: str | None = None,
    joint_units: Iterable[str] = (),
) -> Filing:
    """Which centre declares, which branch reported, which unit is proposed to develop (R-04, R-09).

    What a branch files is a lead: the centre above it declares, the branch is kept as the one that
    reported. Without a proposal the declaring centre develops. Raises OutsideOwnUnit, NotABranch,
    NoCentre.
    """
    asked = declaring_unit or filed_at
    if not organisation.is_within(asked, filed_at):
        raise OutsideOwnUnit(
            f"{filed_at} 不能代 {asked} 申报",
            f"{filed_at} cannot declare for {asked}",
            pointer="/declaring_unit",
            unit=filed_at,
        )
    centre = organisation.centre_of(asked).code
    branch = asked if asked != centre else reporting_branch
    if branch is not None and not _is_branch_of(organisation, branch, centre):
        raise NotABranch(
            f"{branch} 不是 {centre} 的支局",
            f"{branch} is not a branch below {centre}",
            pointer="/reporting_branch",
            unit=branch,
        )
    developers = developers_of(organisation, development_unit or centre, joint_units)
    return Filing(centre, branch, developers.development_unit, developers.joint_units)


def developers_of(
    organisation: Organisation, development_unit: str, joint_units: Iterable[str]
) -> Developers:
    """The developers in order, each with a centre of its own; raises NoCentre (R-04)."""
    organisation.require_centre(development_unit, "/development_unit")
    joint = tuple(sorted(set(joint_units) - {development_unit}))
    for unit in joint:
        organisation.require_centre(unit, "/joint_units")
    return Developers(development_unit, joint)


def require_submitted(declaration: Declaration) -> Declaration:
    """The declaration while nobody has decided; raises AlreadyDecided (R-20)."""
    if declaration.state is not DeclarationState.SUBMITTED:
        raise AlreadyDecided(
            f"申报已于 {declaration.decided_on} 作出决定：{declaration.state}",
            f"the declaration was {declaration.state} on {declaration.decided_on}",
            state=declaration.state.value,
        )
    return declaration


def _is_branch_of(organisation: Organisation, branch: str, centre: str) -> bool:
    return organisation.unit(branch).level is Level.BRANCH and organisation.is_within(
        branch, centre
    )
