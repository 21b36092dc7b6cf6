"""Who decides about an application to change a customer, and how it ends (R-29)."""

from __future__ import annotations

import dataclasses
from datetime import date

from services.registry.domain.actors import Actor
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.proof.changes.applications import Application, ChangeRule, ChangeState
from shared.errors import Conflict, Forbidden, Invalid


class NotADecider(Forbidden):
    """Somebody else decides about such a change, never the one who applied."""

    code = "not-a-decider-of-changes"
    rule = "R-29"
    title_zh = "无权审批变更"
    title_en = "Not a decider of changes"


class ChangeDecided(Conflict):
    """The application was decided before."""

    code = "change-already-decided"
    rule = "R-29"
    title_zh = "变更申请已作决定"
    title_en = "Change already decided"


def approve(
    application: Application,
    actor: Actor,
    organisation: Organisation,
    rule: ChangeRule,
    policy_version: int,
    on: date,
) -> Application:
    """The approved application; raises ChangeDecided, NotADecider (R-29)."""
    _require_decider(application, actor, organisation, rule, on)
    return _decided(application, ChangeState.APPROVED, actor, on, None, policy_version)


def refuse(
    application: Application,
    actor: Actor,
    organisation: Organisation,
    rule: ChangeRule,
    policy_version: int,
    on: date,
    reason: str,
) -> Application:
    """The refused application, with the reason; raises ChangeDecided, NotADecider (R-29)."""
    _require_decider(application, actor, organisation, rule, on)
    return _decided(application, ChangeState.REFUSED, actor, on, reason, policy_version)


def _require_decider(
    application: Application, actor: Actor, organisation: Organisation, rule: ChangeRule, on: date
) -> None:
    if application.state is not ChangeState.SUBMITTED:
        raise ChangeDecided(
            f"申请状态为 {application.state}",
            f"the application is {application.state}",
            state=application.state.value,
        )
    may = (
        bool(actor.roles & set(rule.decider_roles))
        and actor.staff_code != application.applied_by
        and organisation.is_within(application.applied_at_unit, actor.unit)
    )
    if not may:
        raise NotADecider(
            f"须由 {application.applied_at_unit} 或其上级的 {'、'.join(rule.decider_roles)}"
            "（申请人除外）决定",
            f"{' or '.join(rule.decider_roles)} of {application.applied_at_unit} or above decides,"
            " not the one who applied",
            decider_roles=list(rule.decider_roles),
        )
    if on < application.applied_on:
        raise Invalid(
            f"决定日期 {on} 早于申请日期 {application.applied_on}",
            f"decided on {on}, before it was applied for on {application.applied_on}",
            pointer="/on",
        )


def _decided(
    application: Application,
    state: ChangeState,
    actor: Actor,
    on: date,
    reason: str | None,
    policy_version: int,
) -> Application:
    return dataclasses.replace(
        application,
        state=state,
        decided_by=actor.staff_code,
        decided_on=on,
        decision_reason=reason,
        policy_version=policy_version,
        version=application.version + 1,
    )
