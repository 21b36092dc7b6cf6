"""Corrections that a policy demands of many charges: previewed, asked for, decided once (B-18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from services.billing.api.desk.charges import ISSUING
from services.billing.api.models import Command, OnDay, Positive, Reason, one
from services.billing.api.requests.models import CONFIRMING, DecisionIn
from services.billing.domain.requests.batches import (
    BatchState,
    ChargeRule,
    check_rule,
)
from services.billing.domain.requests.requests import RequestState
from services.billing.domain.requests.rules import Direction
from services.billing.handlers.requests import correct_many
from services.billing.handlers.requests.correct_many import AskCorrections, DecideCorrections
from services.billing.storage.requests import batches, reports
from services.billing.storage.requests.requests import UnknownRequest
from shared.contracts.enterprise import TariffClass
from shared.contracts.values import Amount, Day, Exact, Label
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/policy-corrections", tags=["corrections"])
_ORDER = Keyset("applied_on date", "batch_id uuid", descending=True)
_CHARGES = Keyset("receivable_id uuid")

Rate = Annotated[
    Exact, Field(gt=0, le=1, description="账单余额的比例 / fraction of what a charge asks for")
]


class BatchDecision(StrEnum):
    """What is done about it."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


_AFTER = {BatchDecision.CONFIRM: BatchState.APPROVED, BatchDecision.REFUSE: BatchState.REFUSED}


class PreviewOut(BaseModel):
    """How many charges of how many customers a rule finds, their sum and the largest, gross."""

    charges: int
    customers: int
    total: Amount
    largest: Amount


class PolicyCorrectionIn(Command):
    """Charges by rule, and how much of each; `charges` and `total` are those of the preview.

    Either `rate` or `amount`; a refund takes what is left at most. A supplement has a `due_on`.
    """

    direction: Direction
    issued_from: Day
    issued_until: Day
    tariff_class: TariffClass | None = None
    business_line: Label | None = None
    rate: Rate | None = None
    amount: Positive | None = None
    due_on: Day | None = None
    charges: Annotated[int, Field(ge=1)]
    total: Positive
    reason: Reason
    on: OnDay = None


class PolicyCorrectionOut(PreviewOut):
    """One decision about many charges; each becomes a correction of its own.

    Approved, its charges are posted; `performed` when none is left.
    """

    batch_id: UUID
    unit: str
    direction: Direction
    issued_from: date
    issued_until: date
    tariff_class: str | None
    business_line: str | None
    rate: Exact | None
    amount: Amount | None
    due_on: date | None
    state: BatchState
    reason: str
    applied_by: str
    applied_on: date
    decided_by: str | None
    decided_on: date | None
    policy_version: int
    version: int


class PolicyCorrectionProgress(PolicyCorrectionOut):
    """With how many corrections are posted, how many could not be, and how many are to come."""

    posted: int
    refused: int
    left: int


class ChosenOut(BaseModel):
    """A charge of a batch: the correction that it becomes, and what became of it."""

    receivable_id: UUID
    customer_key: UUID
    correction_id: UUID
    amount: Amount
    state: RequestState | None
    reason: str | None


@router.get("/preview", roles=ISSUING | CONFIRMING)
async def previewed(
    work: Reading,
    direction: Direction,
    issued_from: Day,
    issued_until: Day,
    tariff_class: TariffClass | None = None,
    business_line: Annotated[str | None, Query(max_length=64)] = None,
    rate: Annotated[Decimal | None, Query(gt=0, le=1)] = None,
    amount: Annotated[Decimal | None, Query(gt=0, max_digits=18, decimal_places=2)] = None,
) -> PreviewOut:
    """政策性退补预览 / what a rule finds in sight: count, sum, largest. Nothing is kept."""
    rule = ChargeRule(
        direction, issued_from, issued_until, tariff_class, business_line, rate, amount
    )
    check_rule(rule, work.today)
    found = await batches.preview(work, rule)
    return PreviewOut.model_validate(found, from_attributes=True)


@router.post("", status_code=201, roles=ISSUING)
async def ask(body: PolicyCorrectionIn, work: Commanding) -> PolicyCorrectionProgress:
    """申请政策性退补 / ask for all charges of a rule to be corrected, as previewed; centrally."""
    rule = ChargeRule(
        body.direction,
        body.issued_from,
        body.issued_until,
        body.tariff_class,
        body.business_line,
        body.rate,
        body.amount,
        body.due_on,
    )
    asked = await correct_many.handle(
        work, AskCorrections(rule, body.charges, body.total, body.reason, body.on)
    )
    return await _progress(work, asked.batch_id)


@router.get("")
async def listed(
    work: Reading, page: PageQuery, state: BatchState | None = None
) -> Page[PolicyCorrectionOut]:
    """政策性退补清单 / those of the caller's unit and below, the latest first."""
    return await page.read(
        work,
        reports.BATCHES,
        _ORDER,
        lambda row: PolicyCorrectionOut(**_said(row)),
        batch_id=None,
        state=state,
    )


@router.get("/{batch_id}")
async def shown(batch_id: UUID, work: Reading) -> PolicyCorrectionProgress:
    """一项政策性退补及其进度 / one of them, and how far it has come."""
    return await _progress(work, batch_id)


@router.get("/{batch_id}/receivables")
async def chosen(batch_id: UUID, work: Reading, page: PageQuery) -> Page[ChosenOut]:
    """逐户明细 / its charges in sight, and what became of each."""
    return await page.read(
        work, reports.BATCH_CHARGES, _CHARGES, lambda row: ChosenOut(**row), batch_id=batch_id
    )


@router.post("/{batch_id}/{decision}", roles=CONFIRMING)
async def decide(
    batch_id: UUID,
    decision: BatchDecision,
    body: DecisionIn,
    expected_version: IfMatch,
    work: Commanding,
) -> PolicyCorrectionProgress:
    """审核确认或驳回 / confirm all of it, or refuse; the first portion is posted at once."""
    command = DecideCorrections(batch_id, expected_version, _AFTER[decision], body.reason, body.on)
    await correct_many.settle(work, command)
    return await _progress(work, batch_id)


async def _progress(work: Work, batch_id: UUID) -> PolicyCorrectionProgress:
    row = await one(work, reports.BATCHES, UnknownRequest, batch_id=batch_id, state=None)
    done = await work.row(reports.BATCH_PROGRESS, batch_id=batch_id)
    assert done is not None, "an aggregate returns one row"
    return PolicyCorrectionProgress(**_said(row), **done)


def _said(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {**row, **row["rule"]}
