"""A colleague reports a misuse; who it was is sealed (R-77)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.conduct.misuse import MisuseCase, report
from services.registry.domain.conduct.penalties import MisusePenalties
from services.registry.storage.centres import staff
from services.registry.storage.conduct import misuse
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ReportMisuse:
    """Who is said to have done what on which day, perhaps with which customer."""

    by: Actor
    subject_staff_code: str
    kind: str
    occurred_on: date
    statement: str
    customer_key: UUID | None = None
    on: date | None = None


async def handle(work: Work, command: ReportMisuse) -> MisuseCase:
    """Open the case (R-77); raises UnknownMisuse, NotOnDuty, InTheFuture, Invalid."""
    on = business_day(command.on, work.today)
    subject = await staff.on_day(work, command.subject_staff_code, on, "/subject_staff_code")
    policy = await in_force(work, MisusePenalties, on)

    case = report(
        MisuseCase(
            case_id=new_id(),
            subject_staff_code=subject.code,
            subject_unit=subject.unit,
            kind=command.kind,
            occurred_on=command.occurred_on,
            reported_on=on,
            customer_key=command.customer_key,
        ),
        policy.body,
    )

    await misuse.add(work, case, command.by.staff_code)
    await misuse.add_step(work, case, None, command.statement, policy.reference)
    return case
