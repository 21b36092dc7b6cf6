"""The customer is called back on a resolved case: it is closed, or taken up again (E-40, E-28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import CallBack, call_back
from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage.complaints.case_rows import KeptCase
from shared.work import Work


@dataclass(frozen=True, slots=True)
class CallCustomerBack:
    """What the customer said."""

    complaint_id: UUID
    said: CallBack
    expected_version: int
    text: str = ""
    at: datetime | None = None


async def handle(work: Work, command: CallCustomerBack) -> KeptCase:
    """Note the call; only a satisfied customer, or none to be reached, closes the case."""
    kept = await work_on_complaint.take(work, command.complaint_id, command.expected_version)
    attempts = (await work_on_complaint.levels(work, kept)).call_back_attempts
    return await work_on_complaint.step(
        work,
        kept,
        "called-back",
        lambda case, at: call_back(case, command.said, attempts, at),
        command.at,
        command.text,
    )
