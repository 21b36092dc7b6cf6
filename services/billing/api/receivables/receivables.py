"""Receivables: what customers owe, by instalment, with their late fees (B-13, B-20)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from services.billing.api.models import one
from services.billing.domain.receivables.receivables import State
from services.billing.storage.receivables import reports
from services.billing.storage.receivables.charges import UnknownReceivable
from shared.contracts.values import Amount, Month
from shared.http import Keyset, Page, PageQuery, Reading, Router

router = Router(prefix="/v1/receivables", tags=["receivables"])
_ORDER = Keyset("issued_on date", "receivable_id uuid", descending=True)


class ReceivableOut(BaseModel):
    """A charge as it stands; `amount` is gross less cancellations.

    It keeps the customer that it named; `redirected_to` is who that customer is part of today, and
    who pays it (R-81).
    """

    receivable_id: UUID
    customer_key: UUID
    system: str
    ref: str
    business_line: str
    tariff_class: str
    issued_on: date
    state: State
    amount: Amount
    tax: Amount
    cancelled: Amount
    late_fees: Amount
    written_off: Amount
    balance: Amount
    kind: str
    month: str | None
    asset: str | None
    corrects: UUID | None
    issued_by: str | None
    redirected_to: UUID | None
    version: int


class ItemOut(BaseModel):
    """An instalment or its late fee; a fee without a due date still grows."""

    item_id: UUID
    number: int
    is_late_fee: bool
    due_on: date | None
    billed: Amount
    amount: Amount
    paid: Amount
    written_off: Amount
    written_off_on: date | None
    balance: Amount
    is_overdue: bool


class ReceivableWithItems(ReceivableOut):
    """A receivable with its instalments and late fees."""

    items: list[ItemOut]


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    state: State | None = None,
    ref: Annotated[str | None, Query(max_length=200)] = None,
    month: Annotated[Month | None, Query(description="所结算的月份 / the month it settles")] = None,
) -> Page[ReceivableOut]:
    """应收清单 / receivables in sight, the latest first."""
    return await page.read(
        work,
        reports.RECEIVABLES,
        _ORDER,
        lambda row: ReceivableOut(**row),
        receivable_id=None,
        customer_key=customer_key,
        state=state,
        ref=ref,
        month=month,
    )


@router.get("/{receivable_id}")
async def shown(receivable_id: UUID, work: Reading) -> ReceivableWithItems:
    """一笔应收及其各期 / one receivable with its instalments."""
    row = await one(
        work,
        reports.RECEIVABLES,
        UnknownReceivable,
        receivable_id=receivable_id,
        customer_key=None,
        state=None,
        ref=None,
        month=None,
    )
    items = await work.rows(reports.ITEMS, receivable_id=receivable_id)
    return ReceivableWithItems(**row, items=[ItemOut(**item) for item in items])
