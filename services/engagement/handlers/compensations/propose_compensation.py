"""Somebody proposes a compensation for a case (E-37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.engagement.domain.complaints.compensation import Compensation, propose
from services.engagement.handlers.complaints import work_on_complaint
from services.engagement.storage.complaints import compensations
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ProposeCompensation:
    """How much, in yuan."""

    complaint_id: UUID
    amount: Decimal
    on: date | None = None


async def handle(work: Work, command: ProposeCompensation) -> Compensation:
    """Keep the proposal; somebody else approves it. Raises NobodyToCompensate."""
    on = business_day(command.on, work.today)
    kept = await work_on_complaint.take(work, command.complaint_id)
    proposal = propose(
        new_id(),
        command.complaint_id,
        kept.case.customer_key,
        command.amount,
        work.person.staff_code,
    )
    await compensations.add(work, proposal, on)
    return proposal
