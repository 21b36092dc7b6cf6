"""Form 1 of 001: key accounts of a unit, classified and in order (R-35, X-05)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from sqlalchemy import RowMapping

from services.registry.api.forms.printing import KINDS, OUR_LAYOUT, STATES, As, person, printed_by
from services.registry.api.models import ADMINISTERING
from services.registry.domain.forms.titles import PrintedForms, PrintedScheme
from services.registry.domain.register.customers import CustomerKind, CustomerState
from services.registry.storage.forms import reports
from shared.contracts.values import Code, Word
from shared.directory import scope
from shared.documents import Column, Fields, Form, FormFormat, Signatures, Table, Value
from shared.documents.answers import Printed, files
from shared.documents.press import MAX_CELLS
from shared.http import Reading, Role, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/forms", tags=["forms"])
_COLUMNS = (
    Column("序号", 5, "center"),
    Column("客户编号", 15, "center"),
    Column("客户名称", 24),
    Column("等级", 10, "center"),
    Column("得分", 7, "center"),
    Column("定级日期", 10, "center"),
    Column("归属单位", 20),
    Column("A角", 10),
    Column("B角", 10),
    Column("行业", 10),
    Column("性质", 7, "center"),
    Column("状态", 7, "center"),
)
_MOST = MAX_CELLS[FormFormat.XLSX] // len(_COLUMNS) + 1
_READERS: frozenset[Role] = ADMINISTERING | {
    *("market_department", "supervisor", "sales_director", "province_administrator", "auditor")
}


@router.get("/classification", roles=_READERS, responses=files("pdf", "xlsx"))
async def classification(
    work: Reading,
    unit: Annotated[
        Code | None, Query(description="单位，默认本单位 / unit, one's own if left out")
    ] = None,
    scheme: Annotated[
        Word | None, Query(description="评级方案 / scheme, the site's first if left out")
    ] = None,
    on: As = FormFormat.PDF,
) -> Printed:
    """大客户分类排序表 / key accounts of a unit and those below it, the best first (form 1)."""
    wanted = unit or work.person.unit
    await scope.require_unit(work, wanted)
    policy = await in_force(work, PrintedForms, work.today)
    graded = policy.body.scheme(scheme)
    rows = await work.rows(
        reports.CLASSIFICATION,
        unit=wanted,
        scheme=graded.scheme,
        tiers=graded.order,
        today=work.today,
        most=_MOST,
    )
    name = await work.value("SELECT name FROM kit.units WHERE unit = :unit", unit=wanted)
    form = await _form(work, person(wanted, name), graded, rows)
    return Printed(form, on, f"大客户分类排序表-{wanted}-{work.today}")


async def _form(work: Work, unit: str, scheme: PrintedScheme, rows: Sequence[RowMapping]) -> Form:
    return Form(
        code="表1",
        title="大客户分类排序表",
        subtitle=unit,
        printing=await printed_by(work),
        blocks=(
            Fields("", [("评级方案", scheme.title or "无"), ("统计日期", work.today)]),
            Fields("", _numbers(scheme, rows)),
            Table("", _COLUMNS, [_row(place, row, scheme) for place, row in enumerate(rows, 1)]),
            Signatures(("填表人", "客户管理员", "大客户中心总监")),
        ),
        footnotes=(
            OUR_LAYOUT,
            "按等级由高到低排列，同级按最近得分；未定级者列于末尾。得分的构成见评级系统的评分说明。",
            "“*”为主办客户经理；姓名仅列打印人可见者。",
        ),
        is_landscape=True,
    )


def _numbers(scheme: PrintedScheme, rows: Sequence[RowMapping]) -> list[tuple[str, Value]]:
    """How many customers there are of each tier, in the order of the scheme, and in all."""
    held = [row["tier"] for row in rows]
    tiers = [*scheme.order, *sorted({str(tier) for tier in held if tier} - {*scheme.order}), None]
    counted: list[tuple[str, Value]] = [
        (scheme.name(tier), held.count(tier)) for tier in tiers if tier or tier in held
    ]
    return [*counted, ("合计", len(rows))]


def _row(place: int, row: RowMapping, scheme: PrintedScheme) -> list[Value]:
    return [
        place,
        row["customer_id"],
        row["name"],
        scheme.name(row["tier"]),
        row["score"],
        row["graded_on"],
        row["owner_name"] or row["owner_unit"],
        _manager(row, "a"),
        _manager(row, "b"),
        row["industry"],
        KINDS[CustomerKind(row["kind"])],
        STATES[CustomerState(row["state"])],
    ]


def _manager(row: RowMapping, which: str) -> str:
    code = row[f"{which}_staff_code"]
    leads = "*" if code is not None and code == row["lead_staff_code"] else ""
    return leads + person(code, row[f"{which}_name"])
