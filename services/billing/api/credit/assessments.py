"""Credit assessments, and the figures that each was made from (B-22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.billing.api.models import BOOKKEEPING, Command, one
from services.billing.handlers.credit import assess_credit
from services.billing.storage.credit import reports
from shared.contracts.values import Amount, Exact
from shared.errors import NotFound
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/credit/assessments", tags=["credit"])
_ORDER = Keyset("recorded_at instant", "assessment_id uuid", descending=True)
_ASSESSING: frozenset[Role] = (BOOKKEEPING - {"auditor"}) | {"account_manager"}


class UnknownAssessment(NotFound):
    """No such assessment, or none that the caller may know of."""

    code = "unknown-credit-assessment"
    title_zh = "没有此信用评价"
    title_en = "No such assessment"


class AssessmentIn(Command):
    """Whom to assess, as of today."""

    customer_key: UUID


class AssessmentOut(BaseModel):
    """How a customer paid in a period; without a score nothing fell due in it.

    `punctuality` is the fraction that was paid in time, `days_late` the days that the average yuan
    came late. Limit and exposure are those of the head office with all branches.
    """

    assessment_id: UUID
    customer_key: UUID
    version: int
    as_of: date
    from_on: date
    until_on: date
    score: Exact | None
    grade: str | None
    punctuality: Exact | None
    days_late: Exact | None
    policy_version: int
    credit_limit: Amount | None
    exposure: Amount
    assessed_by: str | None
    recorded_at: datetime


class PartOut(BaseModel):
    """One part of the score: `points` of 100, counted by `weight` of 100."""

    part: str
    points: str
    weight: str


class ExplainedOut(AssessmentOut):
    """An assessment with everything that it was made from."""

    inputs: dict[str, str | int]
    parts: list[PartOut]


@router.post("", status_code=201, roles=_ASSESSING)
async def assess(body: AssessmentIn, work: Commanding) -> ExplainedOut:
    """信用评价 / assess how a customer pays, now."""
    made = await assess_credit.handle(work, body.customer_key)
    return await _explained(work, made.assessment_id)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    grade: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[AssessmentOut]:
    """信用评价清单 / assessments in sight, the latest first."""
    return await page.read(
        work,
        reports.ASSESSMENTS,
        _ORDER,
        lambda row: AssessmentOut(**row),
        assessment_id=None,
        customer_key=customer_key,
        grade=grade,
    )


@router.get("/{assessment_id}")
async def explained(assessment_id: UUID, work: Reading) -> ExplainedOut:
    """信用评价依据 / one assessment with its inputs and every part of the score."""
    return await _explained(work, assessment_id)


async def _explained(work: Work, assessment_id: UUID) -> ExplainedOut:
    row = await one(
        work,
        reports.ASSESSMENTS,
        UnknownAssessment,
        assessment_id=assessment_id,
        customer_key=None,
        grade=None,
    )
    return ExplainedOut(**row)
