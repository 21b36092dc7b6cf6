"""Late fees: what they are, and the days, balances and rates they come from (B-15)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.models import one
from services.billing.storage.arrears import reports
from shared.contracts.values import Amount
from shared.errors import NotFound
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/late-fees", tags=["late fees"])
_ORDER = Keyset("as_of date", "late_fee_id uuid", descending=True)


class UnknownLateFee(NotFound):
    """No such late fee, or none that the caller may know of."""

    code = "unknown-late-fee"
    title_zh = "没有此违约金"
    title_en = "No such late fee"


class LateFeeOut(BaseModel):
    """The late fee of an instalment until `as_of`; final once the instalment is paid."""

    late_fee_id: UUID
    customer_key: UUID
    receivable_id: UUID
    instalment: int
    amount: Amount
    paid: Amount
    as_of: date
    due_on: date | None
    is_final: bool
    version: int


class FeePartOut(BaseModel):
    """Days of one balance and one rate; `amount` in yuan, not rounded."""

    from_on: date
    until_on: date
    days: int
    principal: str
    daily_rate: str
    amount: str


class FeeDecisionOut(BaseModel):
    """One decision on the fee, with the version of the plan and what it saw."""

    version: int
    as_of: date
    amount: Amount
    is_minimum: bool
    plan_version: int | None
    parts: list[FeePartOut]
    recorded_at: datetime


class LateFeeWithDecisions(LateFeeOut):
    """A late fee with every decision on it."""

    decisions: list[FeeDecisionOut]


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    receivable_id: UUID | None = None,
) -> Page[LateFeeOut]:
    """违约金清单 / late fees in sight, the latest first."""
    return await page.read(
        work,
        reports.LATE_FEES,
        _ORDER,
        lambda row: LateFeeOut(**row),
        late_fee_id=None,
        customer_key=customer_key,
        receivable_id=receivable_id,
    )


@router.get("/{late_fee_id}")
async def shown(late_fee_id: UUID, work: Reading) -> LateFeeWithDecisions:
    """一笔违约金及其计算 / one late fee with how it was computed."""
    row = await one(
        work,
        reports.LATE_FEES,
        UnknownLateFee,
        late_fee_id=late_fee_id,
        customer_key=None,
        receivable_id=None,
    )
    decisions = await work.rows(reports.LATE_FEE_DECISIONS, late_fee_id=late_fee_id)
    return LateFeeWithDecisions(
        **row,
        decisions=[FeeDecisionOut(**decision) for decision in decisions],
    )
