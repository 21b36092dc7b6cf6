"""Late fees: what they are, and the days, balances and rates they come from (B-15)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.arrears.late_fee_waivers import WaiverIn, WaiverOut
from services.billing.api.models import FINANCE, one
from services.billing.handlers.arrears import waive_late_fee
from services.billing.handlers.arrears.waive_late_fee import ProposeWaiver
from services.billing.storage.arrears import reports
from services.billing.storage.arrears.waivers import UnknownLateFee
from shared.contracts.values import Amount
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/late-fees", tags=["late fees"])
_ORDER = Keyset("as_of date", "late_fee_id uuid", descending=True)


class LateFeeOut(BaseModel):
    """The late fee of an instalment until `as_of`; final once the instalment is paid.

    `amount` is to be paid: what the plan asks for (`by_plan`) less what was waived of it and what
    was written off.
    """

    late_fee_id: UUID
    customer_key: UUID
    receivable_id: UUID
    instalment: int
    amount: Amount
    by_plan: Amount
    waived: Amount
    written_off: Amount
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
    """One decision on the fee, with the version of the plan and what it saw.

    `amount` is what the plan asks for, of which `waived` was granted.
    """

    version: int
    as_of: date
    amount: Amount
    waived: Amount
    because: str
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


@router.post("/{late_fee_id}/waivers", status_code=201, roles=FINANCE)
async def waive(late_fee_id: UUID, body: WaiverIn, work: Commanding) -> WaiverOut:
    """申请减免违约金 / propose that a late fee is waived, in part or in whole."""
    command = ProposeWaiver(late_fee_id, body.reason, body.amount, body.on)
    proposed = await waive_late_fee.handle(work, command)
    return WaiverOut.model_validate(proposed, from_attributes=True)
