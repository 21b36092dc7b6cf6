"""Somebody of ours takes in a complaint, an enquiry, a claim (E-37, E-40)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import taken_in
from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.storage.complaints import complaint_steps
from services.engagement.storage.complaints.case_rows import KeptCase, Origin
from services.engagement.storage.complaints.complaint_steps import CaseStep
from shared.directory import scope
from shared.identifiers import new_id
from shared.moments import moment
from shared.work import Work


@dataclass(frozen=True, slots=True)
class OpenComplaint:
    """What was said and by whom; `disputed` is system, type and ref of a fact."""

    kind: str
    channel: str
    text: str
    customer_key: UUID | None = None
    category: str | None = None
    occurred_at: datetime | None = None
    disputed: tuple[str, str, str] | None = None


async def handle(work: Work, command: OpenComplaint) -> KeptCase:
    """Open the case in the caller's unit; its clocks run from when the customer came with it.

    Raises OutOfScope and InTheFuture.
    """
    if command.customer_key is not None:
        await scope.require(work, command.customer_key, "base")
    occurred_at = moment(command.occurred_at, work.now, "/occurred_at")

    case = taken_in(new_id(), command.kind, command.customer_key, occurred_at)
    kept = KeptCase(
        case=replace(case, unit=work.person.unit),
        origin=Origin(
            channel=command.channel,
            recorded_at=work.now,
            category=command.category,
            recorded_by=work.person.staff_code,
            disputed=command.disputed,
        ),
    )
    (opened,) = await recompute_clocks.handle(work, [kept], [command.text])
    step = CaseStep(
        case.complaint_id, "opened", occurred_at, work.person.staff_code, work.person.unit
    )
    await complaint_steps.add(work, [step])
    return opened
