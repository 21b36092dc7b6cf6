"""An application for a change is approved or refused; on its day the customer changes (R-29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeRule,
    ChangeRules,
    rule_of,
)
from services.registry.domain.proof.changes.decisions import approve, refuse
from services.registry.domain.proof.changes.performing import is_due
from services.registry.handlers.proof import perform_change
from services.registry.storage.centres import organisation
from services.registry.storage.proof import changes
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DecideChange:
    """Who decides; a refusal says why."""

    application_id: UUID
    by: Actor
    expected_version: int
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    on: date
    application: Application
    units: Organisation
    rule: ChangeRule
    policy_version: int


async def handle(work: Work, command: DecideChange) -> Application:
    """Approve; a change whose day has come is performed at once, by the sweep otherwise.

    Raises ChangeDecided, NotADecider, StaleVersion, and whatever forbids the change itself.
    """
    case = await _load(work, command)
    approved = approve(
        *(case.application, command.by, case.units, case.rule, case.policy_version, case.on)
    )
    await changes.save(work, approved)
    if not is_due(approved, work.today):
        return approved
    return await perform_change.handle(work, approved)


async def refuse_change(work: Work, command: DecideChange) -> Application:
    """Refuse, with the reason; raises ChangeDecided, NotADecider, StaleVersion."""
    case = await _load(work, command)
    refused = refuse(
        *(case.application, command.by, case.units, case.rule, case.policy_version, case.on),
        command.reason,
    )
    await changes.save(work, refused)
    return refused


async def _load(work: Work, command: DecideChange) -> _Case:
    on = business_day(command.on, work.today)
    await customers.load(work, await changes.customer_of(work, command.application_id))
    application = await changes.load(work, command.application_id)
    require_version(command.expected_version, application.version)
    units = await organisation.lineage(work, [command.by.unit, application.applied_at_unit])
    policy = await in_force(work, ChangeRules, application.applied_on)
    rule = rule_of(policy.body, application.kind)
    return _Case(on, application, units, rule, policy.version)
