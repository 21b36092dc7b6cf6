"""Payments: what came in, what it pays, and what went where it must not go (B-36)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.models import one
from services.billing.domain.desk.cases import CaseState, Resolution
from services.billing.storage.receivables import reports
from services.billing.storage.receivables.payments import UnknownPayment
from shared.contracts.values import Amount
from shared.http import Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/payments", tags=["payments"])
_ORDER = Keyset("received_on date", "payment_id uuid", descending=True)
_CASE_ORDER = Keyset("raised_at instant", "case_id uuid", descending=True)


class PaymentOut(BaseModel):
    """A payment as it stands; `fund` is the bank, a deposit, a compensation, a discount …"""

    payment_id: UUID
    customer_key: UUID
    system: str
    ref: str
    fund: str
    company_account: str | None
    collected_by: str | None
    received_on: date
    amount: Amount
    returned: Amount
    applied: Amount
    unapplied: Amount
    remittance: list[str]
    remittance_system: str | None
    voucher: str | None
    received_by: str | None
    version: int


class AllocationOut(BaseModel):
    """What of a payment went to one instalment, or to its late fee."""

    receivable_id: UUID
    instalment: int
    is_late_fee: bool
    amount: Amount
    is_named: bool
    is_pinned: bool
    event_on: date


class PaymentWithAllocations(PaymentOut):
    """A payment with all that it pays."""

    allocations: list[AllocationOut]


class CaseOut(BaseModel):
    """Money that was reported in an account that is not the company's."""

    case_id: UUID
    customer_key: UUID
    kind: str
    system: str
    ref: str
    account: str
    amount: Amount
    received_on: date
    collected_by: str | None
    raised_at: datetime
    state: CaseState
    resolution: Resolution | None
    version: int


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    is_unapplied: bool = False,
) -> Page[PaymentOut]:
    """收款清单 / payments in sight, the latest first."""
    return await page.read(
        work,
        reports.PAYMENTS,
        _ORDER,
        lambda row: PaymentOut(**row),
        payment_id=None,
        customer_key=customer_key,
        is_unapplied=is_unapplied,
    )


@router.get("/compliance-cases", roles={"auditor", "finance"})
async def cases(work: Reading, page: PageQuery, state: CaseState | None = None) -> Page[CaseOut]:
    """个人账户收款个案 / money in accounts that are not the company's, refused (B-36)."""
    return await page.read(
        work,
        reports.COMPLIANCE_CASES,
        _CASE_ORDER,
        lambda row: CaseOut(**row),
        case_id=None,
        state=state,
    )


@router.get("/{payment_id}")
async def shown(payment_id: UUID, work: Reading) -> PaymentWithAllocations:
    """一笔收款及其核销 / one payment with all that it pays."""
    return await with_allocations(work, payment_id)


async def with_allocations(work: Work, payment_id: UUID) -> PaymentWithAllocations:
    """The payment as its answer shows it. Raises UnknownPayment."""
    row = await one(
        work,
        reports.PAYMENTS,
        UnknownPayment,
        payment_id=payment_id,
        customer_key=None,
        is_unapplied=False,
    )
    parts = await work.rows(reports.ALLOCATIONS, payment_id=payment_id)
    return PaymentWithAllocations(
        **row,
        allocations=[AllocationOut(**part) for part in parts],
    )
