"""Form 4 of 001: revenue per key account, product and month, as PDF and XLSX (B-30, X-05)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.billing.api.models import BOOKKEEPING
from services.billing.api.revenue.revenue import BusinessLine, question
from services.billing.domain.forms.revenue_table import (
    Figures,
    RevenueTable,
    Row,
    total,
    totals,
)
from services.billing.domain.revenue.periods import Period, month_before, months
from services.billing.storage.forms import reports
from shared.contracts.values import Code
from shared.directory import scope
from shared.documents import Column, Fields, Form, FormFormat, Signatures, Table, Value
from shared.documents.answers import Printed, files, printing
from shared.documents.press import MAX_CELLS
from shared.http import Reading, Role, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/forms", tags=["forms"])
As = Annotated[FormFormat, Query(alias="format", description="文件格式 / file format")]
Month = Annotated[str, Query(pattern="^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]
OUR_LAYOUT = "来源文件 001 所附表样在现存文本中缺失，本表栏目取自各项规定，版式为本系统设计。"
"""C24: what every form says of itself."""
_READERS: frozenset[Role] = BOOKKEEPING | {
    *("market_department", "supervisor", "province_administrator", "customer_administrator")
}
_FIGURES = (
    Column("存量收入", 14, "right"),
    Column("增量收入", 14, "right"),
    Column("收入合计", 14, "right"),
    Column("上年同期", 14, "right"),
    Column("增减(%)", 9, "right"),
)
_COLUMNS = (
    Column("序号", 6, "center"),
    Column("客户编号", 16, "center"),
    Column("客户名称", 26),
    Column("业务种类", 14),
    Column("月份", 9, "center"),
    *_FIGURES,
)
_MOST = MAX_CELLS[FormFormat.XLSX]
_HIDDEN = "（不在查看范围）"
_FOOTNOTES = (
    OUR_LAYOUT,
    "收入不含税，为各单位分成后所得，各合计数与总账主营业务收入一致；冲销计入其发生之月，"
    "该月已结账的，收入与冲销均计入入账之月。",
    "上年同期为上一年的相同月份；上年无收入者不计增减。不在查看范围的客户只列金额。",
)


@router.get("/revenue-table", roles=_READERS, responses=files("pdf", "xlsx"))
async def revenue_table(
    work: Reading,
    unit: Annotated[
        Code | None, Query(description="单位，默认本单位 / unit, one's own if left out")
    ] = None,
    from_month: Annotated[
        Month | None, Query(description="起始月，默认上月 / first month, the last one if left out")
    ] = None,
    until_month: Annotated[
        Month | None, Query(description="截止月，默认同起始月 / last month, the first if left out")
    ] = None,
    customer_key: UUID | None = None,
    business_line: BusinessLine = None,
    on: As = FormFormat.PDF,
) -> Printed:
    """大客户用邮收入统计表 / revenue per account, product and month of a unit (form 4)."""
    wanted = unit or work.person.unit
    await scope.require_unit(work, wanted)
    first = from_month or month_before(work.today)
    period = months(first, until_month or first)
    policy = await in_force(work, RevenueTable, work.today)
    rows = await _rows(work, period, wanted, customer_key, business_line)
    form = await _form(work, policy.body, wanted, period, rows)
    name = f"{policy.body.title}-{wanted}-{first}"
    return Printed(form, on, name if until_month in (None, first) else f"{name}-{until_month}")


async def _rows(
    work: Work, period: Period, unit: str, customer_key: UUID | None, business_line: str | None
) -> list[Row]:
    """Everything that is printed, by one question: totals and rows are of the same instant."""
    sql, parameters = question(
        period, ["month", "unit", "line", "customer"], None, is_compared=True
    )
    filters = {"unit": unit, "customer_key": customer_key, "business_line": business_line}
    found = await work.rows(f"{sql} LIMIT :most", **parameters, **filters, most=_MOST)
    return [
        Row(
            UUID(row["customer"]),
            row["business_line"],
            row["month"],
            row["unit"],
            Figures(row["base"], row["increment"], row["before_amount"]),
        )
        for row in found
    ]


async def _form(
    work: Work, policy: RevenueTable, unit: str, period: Period, rows: Sequence[Row]
) -> Form:
    units = await _units(work, {unit, *(row.unit for row in rows)})
    by_line = sorted(totals(rows, lambda row: policy.place(row.business_line)).items())
    by_unit = sorted(totals(rows, lambda row: row.unit).items())
    return Form(
        code="表4",
        title=policy.title,
        subtitle=units[unit],
        printing=await printing(work, work.person.staff_code),
        blocks=(
            Fields("", _header(work, policy, period, total(rows))),
            Table("", _COLUMNS, await _accounts(work, policy, rows)),
            _summary("按业务种类", [(policy.name(line), sums) for (_, line), sums in by_line]),
            _summary("按单位", [(units[code], sums) for code, sums in by_unit]),
            _summary("按月份", sorted(totals(rows, lambda row: row.month).items())),
            Signatures(policy.signatures),
        ),
        footnotes=_FOOTNOTES,
        is_landscape=True,
    )


def _header(
    work: Work, policy: RevenueTable, period: Period, figures: Figures
) -> list[tuple[str, Value]]:
    return [
        ("统计期间", f"{period.from_on} 至 {period.until_on}"),
        ("统计日期", work.today),
        ("分成方案", policy.scheme),
        ("金额单位", f"元（{work.currency}），不含税"),
        ("存量收入", figures.base),
        ("增量收入", figures.increment),
        ("收入合计", figures.amount),
        ("上年同期", figures.before),
    ]


async def _accounts(work: Work, policy: RevenueTable, rows: Sequence[Row]) -> list[list[Value]]:
    """A row per account, line and month, the accounts in order of their ID, and the sum."""
    keys = sorted({row.customer_key for row in rows})
    found = await work.rows(reports.CUSTOMERS, keys=keys)
    names = {row["customer_key"]: (row["customer_id"] or "", row["name"]) for row in found}
    nobody = ("", _HIDDEN)
    summed = totals(
        rows, lambda row: (row.customer_key, policy.place(row.business_line), row.month)
    )
    # Who is out of sight stands last, since nothing can be said of him but the amount.
    ordered = sorted(summed, key=lambda at: (at[0] not in names, names.get(at[0]) or nobody, at))
    printed: list[list[Value]] = [
        [
            number,
            *names.get(key, nobody),
            policy.name(line),
            month,
            *_figures(summed[key, (place, line), month]),
        ]
        for number, (key, (place, line), month) in enumerate(ordered, 1)
    ]
    return [*printed, ["", "", "合计", "", "", *_figures(total(rows))]] if printed else []


def _summary(heading: str, sums: Sequence[tuple[str, Figures]]) -> Table:
    printed: list[list[Value]] = [[name, *_figures(figures)] for name, figures in sums]
    if printed:
        printed.append(["合计", *_figures(sum((each for _, each in sums), Figures()))])
    return Table(heading, (Column(heading.removeprefix("按"), 30), *_FIGURES), printed)


def _figures(figures: Figures) -> list[Value]:
    return [figures.base, figures.increment, figures.amount, figures.before, figures.growth]


async def _units(work: Work, codes: set[str]) -> dict[str, str]:
    found = await work.rows(reports.UNITS, units=sorted(codes))
    names = {row["unit"]: row["name"] for row in found}
    return {code: " ".join(filter(None, (code, names.get(code)))) for code in codes}
