"""A case is resolved with a result, after the customer was answered (E-38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import require_result, resolve
from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ResolveComplaint:
    """The result as a word it is filed under, and in words for people."""

    complaint_id: UUID
    result: str
    text: str
    expected_version: int
    at: datetime | None = None


async def handle(work: Work, command: ResolveComplaint) -> KeptCase:
    """Resolve the case. Raises AnswerMissing and ResultMissing (E-38)."""
    kept = await work_on_complaint.take(work, command.complaint_id, command.expected_version)
    require_result(command.text)
    return await work_on_complaint.step(
        work,
        kept,
        "resolved",
        lambda case, at: resolve(case, command.result, at),
        command.at,
        command.text,
    )
