"""Another person approves a compensation; billing posts it (E-37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.engagement.domain.complaints.compensation import Compensation, approve
from services.engagement.handlers.complaints import case_announcements, work_on_complaint
from services.engagement.storage.complaints import compensations
from shared.errors import NotFound
from shared.http.versions import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ApproveCompensation:
    """Which one."""

    compensation_id: UUID
    expected_version: int
    on: date | None = None


async def handle(work: Work, command: ApproveCompensation) -> Compensation:
    """Approve and publish. Raises ApprovedByProposer and AlreadyApproved."""
    on = business_day(command.on, work.today)
    proposal = await compensations.one(work, command.compensation_id)
    if proposal is None:
        raise NotFound("没有此赔偿", "there is no such compensation")
    kept = await work_on_complaint.take(work, proposal.complaint_id)
    require_version(command.expected_version, proposal.version)

    approved = approve(proposal, work.person.staff_code)

    await compensations.approve(work, approved, on)
    work.publish(case_announcements.compensation_approved(approved, kept, work.currency, on))
    return approved
