"""Corrections of charges 退补 (B-18)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from services.billing.api.desk.charges import ISSUING
from services.billing.api.models import Command, OnDay, Positive, Reason
from services.billing.api.requests.models import (
    CONFIRMING,
    DecisionIn,
    RequestOut,
    StepOut,
    page_of,
    row_of,
    steps_of,
)
from services.billing.domain.requests.requests import RequestKind, RequestState
from services.billing.domain.requests.rules import Basis, Direction
from services.billing.handlers.requests import correct
from services.billing.handlers.requests.correct import AskCorrection
from shared.contracts.values import Day
from shared.http import Commanding, IfMatch, Page, PageQuery, Reading, Router

asking = Router(prefix="/v1/receivables", tags=["corrections"])
router = Router(prefix="/v1/corrections", tags=["corrections"])
KIND = RequestKind.CORRECTION


class CorrectionDecision(StrEnum):
    """What is done about it."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


class CorrectionIn(Command):
    """So much less (refund 退) or more (supplement 补) of a charge, gross."""

    direction: Direction
    basis: Basis = Basis.ERROR
    amount: Positive
    due_on: Day | None = None
    reason: Reason
    on: OnDay = None


class CorrectionOut(RequestOut):
    """A correction as it stands; it is posted when it is approved.

    With a `batch_id` a policy demanded it of many charges at once.
    """

    receivable_id: UUID = Field(validation_alias="subject_id")
    direction: Direction
    basis: Basis
    due_on: date | None
    batch_id: UUID | None = None


class CorrectionWithSteps(CorrectionOut):
    """A correction with every step."""

    steps: list[StepOut]


@asking.post("/{receivable_id}/corrections", status_code=201, roles=ISSUING)
async def ask(receivable_id: UUID, body: CorrectionIn, work: Commanding) -> CorrectionOut:
    """申请退补 / ask for a correction; a second person confirms it."""
    asked = await correct.handle(work, AskCorrection(receivable_id=receivable_id, **dict(body)))
    return CorrectionOut(**await row_of(work, KIND, asked.request_id))


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    receivable_id: UUID | None = None,
    state: RequestState | None = None,
) -> Page[CorrectionOut]:
    """退补清单 / corrections in sight, the latest first."""
    return await page_of(
        work,
        page,
        KIND,
        CorrectionOut,
        customer_key=customer_key,
        subject_id=receivable_id,
        state=state,
    )


@router.get("/{request_id}")
async def shown(request_id: UUID, work: Reading) -> CorrectionWithSteps:
    """一项退补及其经过 / one correction with every step."""
    row = await row_of(work, KIND, request_id)
    return CorrectionWithSteps(**row, steps=await steps_of(work, request_id))


@router.post("/{request_id}/{decision}", roles=CONFIRMING)
async def decide(
    request_id: UUID,
    decision: CorrectionDecision,
    body: DecisionIn,
    expected_version: IfMatch,
    work: Commanding,
) -> CorrectionOut:
    """审核确认或驳回退补 / confirm a correction, or refuse it."""
    await correct.settle(work, body.about(request_id, expected_version, decision))
    return CorrectionOut(**await row_of(work, KIND, request_id))
