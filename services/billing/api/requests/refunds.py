"""Refunds of money that nothing has taken (B-17, B-36)."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from services.billing.api.models import FINANCE, Command, OnDay, Positive, Reason
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
from services.billing.handlers.requests import refund
from services.billing.handlers.requests.refund import AskRefund
from shared.contracts.values import Code, Name
from shared.http import Commanding, IfMatch, Page, PageQuery, Reading, Router

asking = Router(prefix="/v1/payments", tags=["refunds"])
router = Router(prefix="/v1/refunds", tags=["refunds"])
KIND = RequestKind.REFUND


class RefundDecision(StrEnum):
    """What is done about it."""

    APPROVE = "approve"
    REFUSE = "refuse"


class RefundIn(Command):
    """Out of which company account, to which account in the customer's own name."""

    amount: Positive
    from_account: Code
    to_account: Code
    account_holder: Name
    reason: Reason
    on: OnDay = None


class RefundOut(RequestOut):
    """A refund as it stands; it is posted when it is approved."""

    payment_id: UUID = Field(validation_alias="subject_id")
    from_account: str
    to_account: str
    account_holder: str


class RefundWithSteps(RefundOut):
    """A refund with every step."""

    steps: list[StepOut]


@asking.post("/{payment_id}/refunds", status_code=201, roles=FINANCE)
async def ask(payment_id: UUID, body: RefundIn, work: Commanding) -> RefundOut:
    """申请退款 / ask for unapplied cash to go back; a second person approves it."""
    asked = await refund.handle(work, AskRefund(payment_id=payment_id, **dict(body)))
    return RefundOut(**await row_of(work, KIND, asked.request_id))


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    payment_id: UUID | None = None,
    state: RequestState | None = None,
) -> Page[RefundOut]:
    """退款清单 / refunds in sight, the latest first."""
    return await page_of(
        work,
        page,
        KIND,
        RefundOut,
        customer_key=customer_key,
        subject_id=payment_id,
        state=state,
    )


@router.get("/{request_id}")
async def shown(request_id: UUID, work: Reading) -> RefundWithSteps:
    """一项退款及其经过 / one refund with every step."""
    row = await row_of(work, KIND, request_id)
    return RefundWithSteps(**row, steps=await steps_of(work, request_id))


@router.post("/{request_id}/{decision}", roles=CONFIRMING)
async def decide(
    request_id: UUID,
    decision: RefundDecision,
    body: DecisionIn,
    expected_version: IfMatch,
    work: Commanding,
) -> RefundOut:
    """批准或驳回退款 / approve a refund, or refuse it."""
    await refund.settle(work, body.about(request_id, expected_version, decision))
    return RefundOut(**await row_of(work, KIND, request_id))
