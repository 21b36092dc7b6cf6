"""Reports of what is receivable 应收 and what was received 实收 (B-20)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.billing.api.forms.exporting import (
    ASKING,
    CUSTOMER,
    TARIFF_CLASSES,
    As,
    Purpose,
    Rows,
    exported,
)
from services.billing.api.models import Dates
from services.billing.domain.revenue.periods import Period
from services.billing.storage.receivables import movements
from shared.contracts.values import Amount, Day
from shared.documents.answers import Exported, files
from shared.documents.exports import ExportFormat
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router
from shared.http.paging import PageRequest
from shared.work import Work

router = Router(prefix="/v1/reports", tags=["receivables"])
_ORDER = Keyset(
    *("month text", "unit text", "business_line text", "tariff_class text", "customer text")
)
Dimension = Literal["month", "unit", "line", "tariff-class", "customer"]
By = Annotated[list[Dimension] | None, Query(description="分组 / groups")]
_GROUP = {
    "month": "月份",
    "unit": "归属单位",
    "business_line": "业务种类",
    "tariff_class": "电价类别",
    **CUSTOMER,
}
_ALL = {"customer_key": None}
_WORDS = {"tariff_class": TARIFF_CLASSES}
RECEIVABLE = Rows(
    "receivable-report",
    "应收报表",
    movements.RECEIVABLE,
    _ORDER,
    {
        **_GROUP,
        "opening": "期初应收",
        "raised": "本期应收",
        "taken_back": "本期退减",
        "late_fees": "违约金",
        "paid": "本期核销",
        "written_off": "坏账核销",
        "otherwise": "其他减少",
        "closing": "期末应收",
    },
    _WORDS,
)
RECEIVED = Rows(
    "received-report",
    "实收报表",
    movements.RECEIVED,
    _ORDER,
    {
        **_GROUP,
        "received": "本期实收",
        "returned": "本期退回",
        "otherwise": "其他来源",
        "applied": "已核销应收",
        "unapplied": "未核销增加",
    },
    _WORDS,
)


class Group(BaseModel):
    """One group of a report; what was not asked for is absent."""

    month: str | None = None
    unit: str | None = None
    business_line: str | None = None
    tariff_class: str | None = None
    customer_key: UUID | None = None


G = TypeVar("G", bound=Group)


class ReceivableGroup(Group):
    """Yuan owed before the period, what came on and off in it, and what is owed at its end."""

    opening: Amount
    raised: Amount
    taken_back: Amount
    late_fees: Amount
    paid: Amount
    written_off: Amount
    otherwise: Amount
    closing: Amount


class ReceivedGroup(Group):
    """Yuan that came in and went out, what it paid, and how much more is unapplied than before.

    Money that nothing has taken has no line and no tariff class.
    """

    received: Amount
    returned: Amount
    otherwise: Amount
    applied: Amount
    unapplied: Amount


def _asked(from_on: Day, until_on: Day, by: By = None, dates: Dates = "booked") -> dict[str, Any]:
    """The period, both days included, its groups, and which days count. Raises EmptyPeriod."""
    period = Period(from_on, until_on)
    groups = set(by or ())
    return {
        "from_on": period.from_on,
        "until_on": period.until_on,
        "by_month": "month" in groups,
        "by_unit": "unit" in groups,
        "by_line": "line" in groups,
        "by_class": "tariff-class" in groups,
        "by_customer": "customer" in groups,
        "dates": dates,
    }


Asked = Annotated[dict[str, Any], Depends(_asked)]
"""What all of these reports are asked for."""


@router.get("/receivable")
async def receivable(
    work: Reading, page: PageQuery, asked: Asked, customer_key: UUID | None = None
) -> Page[ReceivableGroup]:
    """应收报表 / what is owed, by the ledger; a month is that of the bill."""
    return await _groups(work, page, RECEIVABLE, ReceivableGroup, asked, customer_key)


@router.get("/received")
async def received(
    work: Reading, page: PageQuery, asked: Asked, customer_key: UUID | None = None
) -> Page[ReceivedGroup]:
    """实收报表 / what was received, by the ledger; a month is that of the money."""
    return await _groups(work, page, RECEIVED, ReceivedGroup, asked, customer_key)


@router.get("/receivable/export", roles=ASKING, audited=True, responses=files("csv", "xlsx"))
async def export_receivable(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    asked: Asked,
    on: As = ExportFormat.CSV,
) -> Exported:
    """导出应收报表 / the receivable report as a file."""
    return await exported(request, work, RECEIVABLE, purpose, on, asked | _ALL)


@router.get("/received/export", roles=ASKING, audited=True, responses=files("csv", "xlsx"))
async def export_received(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    asked: Asked,
    on: As = ExportFormat.CSV,
) -> Exported:
    """导出实收报表 / the report of what was received as a file."""
    return await exported(request, work, RECEIVED, purpose, on, asked | _ALL)


async def _groups(
    work: Work,
    page: PageRequest,
    rows: Rows,
    group: type[G],
    asked: dict[str, Any],
    customer_key: UUID | None,
) -> Page[G]:
    return await page.read(
        work,
        rows.sql,
        rows.keyset,
        lambda row: group(**_said(row)),
        **asked,
        customer_key=customer_key,
    )


def _said(row: RowMapping) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in row.items()}
