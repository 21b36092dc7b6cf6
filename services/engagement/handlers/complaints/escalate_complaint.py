"""Somebody raises a case to a higher level, up to the regulator (E-39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import escalate
from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.work import Work


@dataclass(frozen=True, slots=True)
class EscalateComplaint:
    """To which level (the next one if None), and why."""

    complaint_id: UUID
    reason: str
    expected_version: int
    level: int | None = None
    at: datetime | None = None


async def handle(work: Work, command: EscalateComplaint) -> KeptCase:
    """Escalate the case. Raises NoHigherLevel."""
    kept = await work_on_complaint.take(work, command.complaint_id, command.expected_version)
    last_level = len((await work_on_complaint.levels(work, kept)).levels)
    level = command.level if command.level is not None else kept.case.level + 1
    return await work_on_complaint.step(
        work,
        kept,
        "escalated",
        lambda case, _: escalate(case, level, last_level),
        command.at,
        command.reason,
    )
