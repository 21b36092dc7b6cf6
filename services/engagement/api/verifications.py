"""Verification: the telephone department checks every trip record (E-26)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.engagement.api.models import AtInstant, Words
from services.engagement.domain.visits.verification import Verdict
from services.engagement.handlers.visits import verify_visit
from services.engagement.handlers.visits.verify_visit import CallAboutVisit
from services.engagement.storage import reports
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/verifications", tags=["verifications"])
_ORDER = Keyset("due_on date", "verification_id uuid")


class VerificationOut(BaseModel):
    """The check of one trip record; without a verdict it is still to be made, by `due_on`."""

    verification_id: UUID
    visit_id: UUID
    customer_key: UUID
    reported_on: date
    due_on: date
    is_provisional: bool
    is_overdue: bool
    attempts: int
    verdict: Verdict | None
    verified_by: str | None
    verified_at: datetime | None
    version: int


class CallIn(AtInstant):
    """One call and what was found; `no_answer` is final after the last attempt allowed."""

    found: Verdict
    note: Words = ""


@router.get("")
async def queue(
    work: Reading,
    page: PageQuery,
    is_open: Annotated[bool | None, Query(description="待核实 / still to be made")] = None,
    is_overdue: Annotated[bool | None, Query(description="已逾期 / overdue")] = None,
    verdict: Verdict | None = None,
    on: date | None = None,
) -> Page[VerificationOut]:
    """核实队列 / verifications in sight, those due first first."""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.VERIFICATIONS}) AS checks"
        " WHERE (CAST(:is_open AS boolean) IS NULL OR (verdict IS NULL) = :is_open)"
        " AND (CAST(:is_overdue AS boolean) IS NULL OR is_overdue = :is_overdue)"
        " AND (CAST(:verdict AS text) IS NULL OR verdict = :verdict)",
        _ORDER,
        _verification,
        is_open=is_open,
        is_overdue=is_overdue,
        verdict=verdict and verdict.value,
        on=on or work.today,
    )


@router.get("/{visit_id}")
async def one(visit_id: UUID, work: Reading) -> VerificationOut:
    """一次拜访的核实 / the verification of a visit."""
    return await _view(work, visit_id)


@router.post("/{visit_id}/calls", status_code=201, roles={"telephone"})
async def call(
    visit_id: UUID, body: CallIn, expected_version: IfMatch, work: Commanding
) -> VerificationOut:
    """登记核实电话 / note a call; a verdict takes effect on duties and on the expense."""
    await verify_visit.handle(
        work, CallAboutVisit(visit_id, body.found, expected_version, body.at, body.note)
    )
    return await _view(work, visit_id)


async def _view(work: Work, visit_id: UUID) -> VerificationOut:
    row = await work.row(
        f"{reports.VERIFICATIONS} AND f.visit_id = :id", id=visit_id, on=work.today
    )
    if row is None:
        raise NotFound("没有待核实的出差记录", "there is no trip record to verify")
    return _verification(row)


def _verification(row: RowMapping) -> VerificationOut:
    return VerificationOut(**row)
