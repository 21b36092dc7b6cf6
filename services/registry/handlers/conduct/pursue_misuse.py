"""A case of misuse goes its way: inquired into, decided from the catalogue, closed (R-77)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.conduct import misuse as domain
from services.registry.domain.conduct.misuse import MisuseCase
from services.registry.domain.conduct.penalties import MisusePenalties
from services.registry.storage.archive import audit
from services.registry.storage.conduct import misuse
from shared.http.versions import require_version
from shared.moments import business_day
from shared.policy import Versioned, in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class PursueMisuse:
    """A step of a case of which the caller saw `expected_version`, with its reason."""

    case_id: UUID
    by: Actor
    expected_version: int
    note: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DecideMisuse:
    """What was found: a grade with penalties of the catalogue, or no grade and none."""

    step: PursueMisuse
    grade: str | None
    penalties: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Stage:
    case: MisuseCase
    reporter: str
    policy: Versioned[MisusePenalties]
    on: date


async def inquire(work: Work, command: PursueMisuse) -> MisuseCase:
    """Begin the inquiry; raises NotTheStage, NotAnInquirer, NotImpartial, StaleVersion (R-77)."""
    stage = await _load(work, command)
    case = domain.inquire(stage.case, command.by, stage.reporter, stage.policy.body, stage.on)
    return await _save(work, command, stage, case)


async def decide(work: Work, command: DecideMisuse) -> MisuseCase:
    """Decide; raises as `inquire`, and UnknownMisuse, PenaltyNotInCatalogue (R-77, C21)."""
    step = command.step
    stage = await _load(work, step)
    case = domain.decide(
        *(stage.case, step.by, stage.reporter, stage.policy.body),
        *(command.grade, command.penalties, stage.on),
    )
    return await _save(work, step, stage, case)


async def close(work: Work, command: PursueMisuse) -> MisuseCase:
    """Close the case; raises as `inquire` does (R-77)."""
    stage = await _load(work, command)
    case = domain.close(stage.case, command.by, stage.reporter, stage.policy.body, stage.on)
    return await _save(work, command, stage, case)


async def learn_reporter(work: Work, case_id: UUID, by: Actor, purpose: str) -> str:
    """Who reported a case, for those few whom the policy names; every look is logged (R-77).

    Raises UnknownMisuseCase, NotAnInquirer.
    """
    policy = await in_force(work, MisusePenalties, work.today)
    domain.require_reader(by, policy.body)
    reporter = await misuse.reporter(work, case_id)
    looked = audit.entry(
        work,
        AuditAction.READ,
        item="misuse-reporter",
        purpose=purpose,
        details={"case_id": str(case_id)},
    )
    await audit.add(work, [looked])
    return reporter


async def _load(work: Work, command: PursueMisuse) -> _Stage:
    on = business_day(command.on, work.today)
    case = await misuse.load(work, command.case_id)
    require_version(command.expected_version, case.version)
    policy = await in_force(work, MisusePenalties, on)
    return _Stage(case, await misuse.reporter(work, command.case_id), policy, on)


async def _save(work: Work, command: PursueMisuse, stage: _Stage, case: MisuseCase) -> MisuseCase:
    await misuse.save(work, case)
    await misuse.add_step(work, case, command.by.staff_code, command.note, stage.policy.reference)
    return case
