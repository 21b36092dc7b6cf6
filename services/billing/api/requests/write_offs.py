"""Doubtful and bad debts: the list, write-offs, recovery (B-17)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from services.billing.api.models import BOOKKEEPING, FINANCE, Command, OnDay, Reason
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
from services.billing.domain.requests.rules import WriteOffRules
from services.billing.handlers.requests import write_off
from services.billing.handlers.requests.write_off import AskWriteOff
from services.billing.storage.requests import reports
from shared import policy
from shared.contracts.values import Amount, Day, Word
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router

asking = Router(prefix="/v1/receivables", tags=["write-offs"])
router = Router(prefix="/v1/write-offs", tags=["write-offs"])
doubtful = Router(prefix="/v1/doubtful-debts", tags=["write-offs"])
KIND = RequestKind.WRITE_OFF
_OLDEST = Keyset("oldest_due_on date", "receivable_id uuid")


class WriteOffDecision(StrEnum):
    """What is done about it."""

    APPROVE = "approve"
    REFUSE = "refuse"
    REVERSE = "reverse"


class WriteOffIn(Command):
    """Why all that is open of the receivable counts as lost, by evidence that the policy names."""

    evidence: Word
    reason: Reason
    on: OnDay = None


class WriteOffOut(RequestOut):
    """A write-off as it stands; `amount` is what was asked for, then what was approved."""

    receivable_id: UUID = Field(validation_alias="subject_id")
    evidence: str


class WriteOffWithSteps(WriteOffOut):
    """A write-off with every step, what of it is given up now, and what was recovered."""

    written_off: Amount
    recovered: Amount
    steps: list[StepOut]


class DoubtfulOut(BaseModel):
    """A receivable that is overdue for so long that it is doubtful."""

    receivable_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    tariff_class: str
    oldest_due_on: date
    days_overdue: int
    balance: Amount
    write_off_id: UUID | None
    write_off_state: RequestState | None


@asking.post("/{receivable_id}/write-off", status_code=201, roles=FINANCE)
async def ask(receivable_id: UUID, body: WriteOffIn, work: Commanding) -> WriteOffOut:
    """申请坏账核销 / ask for all that is open to be written off."""
    asked = await write_off.handle(work, AskWriteOff(receivable_id=receivable_id, **dict(body)))
    return WriteOffOut(**await row_of(work, KIND, asked.request_id))


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    receivable_id: UUID | None = None,
    state: RequestState | None = None,
) -> Page[WriteOffOut]:
    """坏账核销清单 / write-offs in sight, the latest first."""
    return await page_of(
        work,
        page,
        KIND,
        WriteOffOut,
        customer_key=customer_key,
        subject_id=receivable_id,
        state=state,
    )


@router.get("/{request_id}")
async def shown(request_id: UUID, work: Reading) -> WriteOffWithSteps:
    """一项坏账核销、收回及其经过 / one write-off with every step, and what was recovered."""
    row = await row_of(work, KIND, request_id)
    given_up = await work.row(reports.GIVEN_UP, charge_ids=[row["subject_id"]])
    nothing = {"written_off": Decimal("0.00"), "recovered": Decimal("0.00")}
    return WriteOffWithSteps(
        **row, **{**nothing, **(given_up or {})}, steps=await steps_of(work, request_id)
    )


@router.post("/{request_id}/{decision}", roles=CONFIRMING)
async def decide(
    request_id: UUID,
    decision: WriteOffDecision,
    body: DecisionIn,
    expected_version: IfMatch,
    work: Commanding,
) -> WriteOffOut:
    """批准、驳回或冲回坏账核销 / approve or refuse what was asked, or reverse what was approved."""
    await write_off.settle(work, body.about(request_id, expected_version, decision))
    return WriteOffOut(**await row_of(work, KIND, request_id))


@doubtful.get("", roles=BOOKKEEPING)
async def doubtful_debts(
    work: Reading, page: PageQuery, on: Day | None = None, customer_key: UUID | None = None
) -> Page[DoubtfulOut]:
    """呆坏账清单 / receivables that are doubtful by the policy of the site, the oldest first."""
    day = on or work.today
    rules = await policy.in_force(work, WriteOffRules, day)
    return await page.read(
        work,
        reports.DOUBTFUL,
        _OLDEST,
        lambda row: DoubtfulOut(**row),
        on=day,
        after_days=rules.body.doubtful_after_days,
        customer_key=customer_key,
    )
