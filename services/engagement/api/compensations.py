"""Compensations: proposed by one person, approved by another, posted by billing (E-37)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.engagement.api.models import Money, OnDay
from services.engagement.handlers.compensations import approve_compensation, propose_compensation
from services.engagement.handlers.compensations.approve_compensation import ApproveCompensation
from services.engagement.handlers.compensations.propose_compensation import ProposeCompensation
from services.engagement.storage import reports
from shared.contracts.values import Amount
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(tags=["compensations"])
_ORDER = Keyset("proposed_on date", "compensation_id uuid", descending=True)


class ProposalIn(OnDay):
    """How much, in the site's currency."""

    amount: Amount = Field(gt=0)


class CompensationOut(BaseModel):
    """A compensation; without `approved_by` it is a proposal, then billing posts or refuses it."""

    compensation_id: UUID
    complaint_id: UUID
    customer_key: UUID
    amount: Money
    proposed_by: str
    proposed_on: date
    approved_by: str | None
    approved_on: date | None
    posted_on: date | None
    refused_because: str | None
    version: int


@router.post(
    "/v1/complaints/{complaint_id}/compensations",
    status_code=201,
    roles={"account_manager", "complaint_handler", "supervisor"},
)
async def propose(complaint_id: UUID, body: ProposalIn, work: Commanding) -> CompensationOut:
    """提出赔偿 / propose a compensation for a case."""
    proposal = await propose_compensation.handle(
        work, ProposeCompensation(complaint_id, body.amount, body.on)
    )
    return await _view(work, proposal.compensation_id)


@router.post(
    "/v1/compensations/{compensation_id}/approve",
    roles={"deputy_director", "director", "sales_director"},
)
async def approve(
    compensation_id: UUID, body: OnDay, expected_version: IfMatch, work: Commanding
) -> CompensationOut:
    """审批赔偿 / approve; never by the proposer."""
    command = ApproveCompensation(compensation_id, expected_version, body.on)
    await approve_compensation.handle(work, command)
    return await _view(work, compensation_id)


@router.get("/v1/compensations")
async def listing(
    work: Reading,
    page: PageQuery,
    complaint_id: UUID | None = None,
    is_approved: bool | None = None,
) -> Page[CompensationOut]:
    """赔偿列表 / compensations in sight, the newest first."""
    return await page.read(
        work,
        f"{reports.COMPENSATIONS}"
        " AND (CAST(:complaint_id AS uuid) IS NULL OR p.complaint_id = :complaint_id)"
        " AND (CAST(:is_approved AS boolean) IS NULL"
        "      OR (p.approved_by IS NOT NULL) = :is_approved)",
        _ORDER,
        _compensation,
        complaint_id=complaint_id,
        is_approved=is_approved,
    )


@router.get("/v1/compensations/{compensation_id}")
async def one(compensation_id: UUID, work: Reading) -> CompensationOut:
    """一笔赔偿 / one compensation."""
    return await _view(work, compensation_id)


async def _view(work: Work, compensation_id: UUID) -> CompensationOut:
    row = await work.row(f"{reports.COMPENSATIONS} AND p.compensation_id = :id", id=compensation_id)
    if row is None:
        raise NotFound("没有此赔偿", "there is no such compensation that you may see")
    return _compensation(row)


def _compensation(row: RowMapping) -> CompensationOut:
    return CompensationOut(**row)
