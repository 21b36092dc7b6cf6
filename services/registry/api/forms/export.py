"""The export of customers: those in scope, as the screen shows them, page by page (X-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Annotated, Any

from fastapi import Query, Request

from services.registry.api.archive.models import Purpose
from services.registry.api.archive.refused import note_refused
from services.registry.api.forms.printing import KINDS, STATES
from services.registry.api.models import DECIDING, CodeOf, actor
from services.registry.api.register.customer_models import CustomerOut
from services.registry.api.register.customers import SoughtQuery
from services.registry.domain.register.customers import CustomerKind, CustomerState
from services.registry.handlers.forms import export_customers
from services.registry.handlers.forms.export_customers import ExportCustomers
from services.registry.storage import reports
from services.registry.storage.identity import search
from shared.documents.answers import Exported, files, site_name
from shared.documents.exports import ExportFormat, Listing
from shared.http import Commanding, Keyset, Role, Router

router = Router(prefix="/v1/customers", tags=["customers"], note_refused=note_refused)
_ORDER = Keyset("customer_key uuid")
_ASKING: frozenset[Role] = DECIDING | {
    *("customer_administrator", "market_department", "province_administrator", "auditor")
}
"""Who may be asked for at all; which of them exports is policy."""
COLUMNS = {
    "customer_id": "客户编号",
    "name": "客户名称",
    "short_name": "简称",
    "state": "状态",
    "kind": "性质",
    "division_code": "所在区划",
    "industry": "行业",
    "unified_credit_code": "统一社会信用代码",
    "owner_unit": "归属单位",
    "declaring_unit": "申报单位",
    "reporting_branch": "上报支局",
    "joint_units": "联合开发单位",
    "specialty_class": "专业类别",
    "visit_class": "走访类别",
    "traits": "特征",
    "is_recognised": "经认定为大客户",
    "recognised_by": "认定依据",
    "is_one_off": "一次性客户",
    "is_opening": "期初登记",
    "declared_on": "申报日期",
    "approved_on": "核准日期",
    "registered_on": "注册日期",
    "suspended_on": "中止日期",
    "suspended_for": "中止原因",
    "closed_on": "关闭日期",
    "registered_capital": "注册资本",
    "capital_amount": "注册资本（元）",
    "codes": "外部系统编号",
    "flags": "待处理问题",
    "head_office_key": "总部客户键",
    "survivor_key": "已并入客户键",
    "customer_key": "客户键",
    "version": "版本",
}
"""Every field that the screen shows, with its title in the file."""


class _Customers(Listing):
    """Customers whose keys `sql` finds: a page of keys first, then these customers alone."""

    def question(self, start: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The query for the page after the row `start` (empty: the first), with its parameters."""
        after = " AND c.customer_key > :page_0" if start else ""
        page = f"{self.sql}{after} ORDER BY c.customer_key LIMIT :page_limit"
        sql = f"{reports.CUSTOMER} AND c.customer_key = ANY(ARRAY({page})) ORDER BY c.customer_key"
        return sql, {**self.parameters, **start, "page_limit": self.page_size}


@router.get("/export", roles=_ASKING, audited=True, responses=files("csv", "xlsx"))
async def export(
    request: Request,
    work: Commanding,
    purpose: Purpose,
    on: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.CSV,
    *,
    sought: SoughtQuery,
) -> Exported:
    """导出客户 / customers in sight as a file, one row each, in the order of their declaration.

    Found as the list finds them; fields are those of the list, masked as there. The file is sent
    as it is read; a connection that ends early means that it is not whole.
    """
    statement, values = search.keys(work, sought)
    await export_customers.handle(work, ExportCustomers(actor(work), purpose, on.value, sought))
    listing = _Customers(
        title="大客户",
        site=await site_name(work),
        columns=tuple(COLUMNS.values()),
        sql=statement,
        keyset=_ORDER,
        make=as_texts,
        parameters={**values, "today": work.today},
    )
    return Exported(request, work.person, listing, on, work.today)


def as_texts(row: Mapping[str, Any]) -> Sequence[str]:
    """A customer as the list shows it, each field as a text under its column."""
    shown = CustomerOut(**row)
    return [_text(getattr(shown, field)) for field in COLUMNS]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, CustomerState):
        return STATES[value]
    if isinstance(value, CustomerKind):
        return KINDS[value]
    if isinstance(value, CodeOf):
        return f"{value.system}:{value.code}"
    if isinstance(value, list):
        return "；".join(_text(each) for each in value)
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)
