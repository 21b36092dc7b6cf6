"""Receivables as a file: the list, what is open on a day, and days late by customer (X-11)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request

from services.billing.api.forms.exporting import (
    ASKING,
    CUSTOMER,
    TARIFF_CLASSES,
    As,
    Purpose,
    Rows,
    exported,
)
from services.billing.api.receivables.lateness import lateness_asked
from services.billing.domain.receivables.receivables import State
from services.billing.storage.receivables import lateness, reports
from shared.contracts.values import Day
from shared.documents.answers import Exported, files
from shared.documents.exports import ExportFormat
from shared.http import Commanding, Keyset, Router
from shared.moments import business_day

router = Router(tags=["receivables"])
_DOCUMENT = {"system": "来源系统", "ref": "单号", "business_line": "业务种类"}
RECEIVABLES = Rows(
    "receivables",
    "应收清单",
    reports.RECEIVABLES,
    Keyset("receivable_id uuid"),
    {
        **CUSTOMER,
        **_DOCUMENT,
        "tariff_class": "电价类别",
        "issued_on": "开账日期",
        "state": "状态",
        "amount": "金额",
        "tax": "税额",
        "cancelled": "已冲减",
        "late_fees": "违约金",
        "written_off": "已核销坏账",
        "balance": "余额",
        "kind": "账单种类",
        "month": "结算月份",
        "asset": "损坏资产",
        "issued_by": "开账人",
        "redirected_to": "并入客户键",
        "customer_key": "客户键",
        "receivable_id": "应收键",
        "version": "版本",
    },
    {
        "state": {
            "open": "未到期",
            "overdue": "已逾期",
            "settled": "已结清",
            "cancelled": "已冲销",
            "written_off": "已核销",
        },
        "kind": {"ordinary": "普通", "asset-damage": "资产赔偿", "supplement": "补收"},
        "tariff_class": TARIFF_CLASSES,
    },
)
OPEN_ITEMS = Rows(
    "open-items",
    "未清项目",
    lateness.OPEN_ITEMS,
    Keyset("due_order date", "item_id uuid"),
    {
        **CUSTOMER,
        **_DOCUMENT,
        "number": "期次",
        "is_late_fee": "违约金",
        "issued_on": "开账日期",
        "due_on": "到期日期",
        "days_overdue": "逾期天数",
        "balance": "余额",
        "customer_key": "客户键",
        "receivable_id": "应收键",
        "item_id": "项目键",
    },
    {},
)
DAYS_LATE = Rows(
    "days-late",
    "逾期天数",
    lateness.DAYS_LATE,
    Keyset("weighted_days_late numeric", "customer_key uuid", descending=True),
    {
        **CUSTOMER,
        "instalments": "到期期数",
        "settled": "已结清",
        "late": "逾期期数",
        "overdue": "仍逾期",
        "amount": "金额",
        "weighted_days_late": "加权逾期天数",
        "average_days_late": "平均逾期天数",
        "max_days_late": "最长逾期天数",
        "customer_key": "客户键",
    },
    {},
)
AsOf = Annotated[
    Day | None,
    Query(alias="on", description="业务日期，默认今天 / business date, today if left out"),
]
_FILES = files("csv", "xlsx")


@router.get("/v1/receivables/export", roles=ASKING, audited=True, responses=_FILES)
async def receivables(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    customer_key: UUID | None = None,
    state: State | None = None,
    on: As = ExportFormat.CSV,
) -> Exported:
    """导出应收 / receivables in sight, one row each."""
    asked = {"receivable_id": None, "customer_key": customer_key, "state": state}
    asked |= {"ref": None, "month": None}
    return await exported(request, work, RECEIVABLES, purpose, on, asked)


@router.get("/v1/reports/open-items/export", roles=ASKING, audited=True, responses=_FILES)
async def open_items(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    day: AsOf = None,
    customer_key: UUID | None = None,
    is_overdue: bool | None = None,
    on: As = ExportFormat.CSV,
) -> Exported:
    """导出未清项目 / what was open on a day, each instalment and late fee."""
    asked: dict[str, Any] = {"customer_key": customer_key, "is_overdue": is_overdue}
    asked |= {"on": business_day(day, work.today)}
    return await exported(request, work, OPEN_ITEMS, purpose, on, asked)


@router.get("/v1/reports/days-late/export", roles=ASKING, audited=True, responses=_FILES)
async def days_late(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    day: AsOf = None,
    from_on: Day | None = None,
    until_on: Day | None = None,
    customer_key: UUID | None = None,
    on: As = ExportFormat.CSV,
) -> Exported:
    """导出逾期天数 / how many days late customers paid, the latest payers first."""
    asked = lateness_asked(business_day(day, work.today), from_on, until_on, customer_key)
    return await exported(request, work, DAYS_LATE, purpose, on, asked)
