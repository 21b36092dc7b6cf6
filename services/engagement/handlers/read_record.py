"""Somebody reads the words of a visit or of a case: who did is noted (E-22, E-38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage import disclosures
from services.engagement.storage.complaints import complaint_steps
from services.engagement.storage.visits import visits
from shared.directory import scope
from shared.errors import NotFound
from shared.work import Work


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """What was written about a visit, and what was said when it was verified."""

    visit_id: UUID
    target_name: str
    content: str
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a case with its words."""

    number: int
    step: str
    happened_at: datetime
    staff_code: str | None
    unit: str | None
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What the customer said, and what was said and done since (form 5)."""

    complaint_id: UUID
    text: str
    steps: tuple[StepRecord, ...]


async def of_visit(work: Work, visit_id: UUID) -> VisitRecord:
    """The words of a visit. Raises NotFound and OutOfScope."""
    visit = await visits.one(work, visit_id)
    if visit is None:
        raise NotFound("没有此拜访", "there is no such visit")
    await scope.require(work, visit.customer_key, "base")
    await disclosures.note(work, "visit", visit_id)
    return VisitRecord(visit_id, *(await visits.words(work, visit_id)))


async def of_case(work: Work, complaint_id: UUID) -> CaseRecord:
    """The words of a case. Raises NotFound and OutOfScope."""
    await work_on_complaint.take(work, complaint_id)
    await disclosures.note(work, "complaint", complaint_id)
    said, steps = await complaint_steps.with_words(work, complaint_id)
    return CaseRecord(
        complaint_id,
        said,
        tuple(
            StepRecord(
                number=row["number"],
                step=row["step"],
                happened_at=row["happened_at"],
                staff_code=row["staff_code"],
                unit=row["unit"],
                level=row["level"],
                text=words,
            )
            for row, words in steps
        ),
    )
