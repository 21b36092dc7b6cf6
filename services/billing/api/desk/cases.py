"""Cases of money that is not in the company's accounts: found out about, and closed (B-36)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.models import Command, OnDay, Reason, one
from services.billing.api.receivables.payments import CaseOut
from services.billing.domain.desk.cases import CaseState, Resolution
from services.billing.handlers.desk import close_case
from services.billing.handlers.desk.close_case import DecideCase
from services.billing.storage.receivables import reports
from services.billing.storage.receivables.compliance import UnknownCase
from shared.http import Commanding, IfMatch, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/payments/compliance-cases", tags=["payments"])
_ROLES: frozenset[Role] = frozenset({"auditor", "finance", "director", "deputy_director"})


class FindingIn(Command):
    """What was found."""

    finding: Reason
    on: OnDay = None


class ClosingIn(Command):
    """What became of the money, and what was found."""

    resolution: Resolution
    finding: Reason
    on: OnDay = None


class StepOut(BaseModel):
    """What was found or decided, by whom and when."""

    version: int
    state: CaseState
    resolution: Resolution | None
    finding: str
    staff_code: str
    taken_on: date
    recorded_at: datetime


class CaseWithSteps(CaseOut):
    """A case with everything that was done about it."""

    steps: list[StepOut]


@router.get("/{case_id}", roles=_ROLES)
async def shown(case_id: UUID, work: Reading) -> CaseWithSteps:
    """一件个案及其经过 / one case, and what was done about it."""
    return await _shown(work, case_id)


@router.post("/{case_id}/review", roles=_ROLES)
async def review(
    case_id: UUID, body: FindingIn, expected_version: IfMatch, work: Commanding
) -> CaseWithSteps:
    """复核个案 / note what was found, by somebody who had no part in it."""
    await close_case.handle(
        work, DecideCase(case_id, expected_version, body.finding, None, body.on)
    )
    return await _shown(work, case_id)


@router.post("/{case_id}/close", roles=_ROLES)
async def close(
    case_id: UUID, body: ClosingIn, expected_version: IfMatch, work: Commanding
) -> CaseWithSteps:
    """结案 / close a case that was reviewed, by a second person."""
    command = DecideCase(case_id, expected_version, body.finding, body.resolution, body.on)
    await close_case.handle(work, command)
    return await _shown(work, case_id)


async def _shown(work: Work, case_id: UUID) -> CaseWithSteps:
    row = await one(work, reports.COMPLIANCE_CASES, UnknownCase, case_id=case_id, state=None)
    steps = await work.rows(reports.CASE_STEPS, case_id=case_id)
    return CaseWithSteps(**row, steps=[StepOut(**step) for step in steps])
