"""The customer is answered (E-38, E-39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import answer
from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AnswerComplaint:
    """What the customer was told."""

    complaint_id: UUID
    text: str
    expected_version: int
    at: datetime | None = None


async def handle(work: Work, command: AnswerComplaint) -> KeptCase:
    """Note the answer; the first of a round stops its clock."""
    kept = await work_on_complaint.take(work, command.complaint_id, command.expected_version)
    return await work_on_complaint.step(work, kept, "answered", answer, command.at, command.text)
