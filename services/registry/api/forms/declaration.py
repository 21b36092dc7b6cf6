"""Form 6 of 001: the declaration of a key account, with its place in the chain (R-21, X-05)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.api.forms.printing import (
    DECISIONS,
    KINDS,
    OUR_LAYOUT,
    As,
    instant,
    person,
    printed_by,
    unit_names,
)
from services.registry.domain.proof.declarations import DeclarationState
from services.registry.domain.register.customers import CustomerKind
from services.registry.storage.forms import reports
from services.registry.storage.proof.declarations import UnknownDeclaration
from services.registry.storage.register.divisions import divisions
from shared.documents import Column, Fields, Form, FormFormat, Notes, Signatures, Table, Value
from shared.documents.answers import Printed, files
from shared.http import Commanding, Router
from shared.work import Work

router = Router(prefix="/v1/forms/declarations", tags=["forms"])
_CHAIN = (
    Column("序号", 6, "center"),
    Column("事项", 8, "center"),
    Column("记录时间", 20, "center"),
    Column("前一记录哈希", 30),
    Column("本记录哈希", 30),
)
_STEPS = {"submitted": "申报", "approved": "核准", "refused": "不予核准"}


@router.get("/{declaration_id}", audited=True, responses=files("pdf", "xlsx"))
async def declaration(declaration_id: UUID, work: Commanding, on: As = FormFormat.PDF) -> Printed:
    """大客户注册申报登记表 / the declaration as it was chained, with its decision (form 6)."""
    row = await work.row(reports.DECLARATION, id=declaration_id, today=work.today)
    if row is None:
        raise UnknownDeclaration(
            f"没有申报 {declaration_id}",
            f"there is no declaration {declaration_id} that you may see",
        )
    entries = await work.rows(reports.CHAIN, id=declaration_id)
    form = await _form(work, row, [_entry(work, entry) for entry in entries])
    return Printed(form, on, f"大客户注册申报登记表-{declaration_id}")


async def _form(work: Work, row: RowMapping, chain: list[list[Value]]) -> Form:
    said = json.loads(row["payload"])
    units = await unit_names(
        work,
        (
            *(row["declaring_unit"], row["reporting_branch"], row["development_unit"]),
            *row["joint_units"],
        ),
    )
    return Form(
        code="表6",
        title="大客户注册申报登记表",
        subtitle=f"申报编号　{row['declaration_id']}",
        printing=await printed_by(work),
        blocks=(
            Fields("一、申报客户", _customer(said["customer"], row)),
            Fields("二、申报与拟定", _proposal(row, units)),
            Fields("三、核准", _decision(row)),
            Notes("核准意见", [row["decision_reason"] or "　"]),
            Table("四、申报记录（原始凭证）", _CHAIN, chain),
            Signatures(("申报人", "客户管理员", "大客户中心总监")),
        ),
        footnotes=(
            OUR_LAYOUT,
            "“一、二”两栏为申报时所记载、此后不可更改的内容；“客户编号”为核准后由省局发放。",
            "申报记录按序以哈希相链，是裁定开发权争议的原始客观依据；可按序号与哈希核对。",
        ),
    )


def _customer(said: Mapping[str, Any], row: RowMapping) -> list[tuple[str, Value]]:
    division = divisions(said["division_code"])
    name = division.name_on(row["declared_on"]) if division else None
    return [
        ("客户名称", said["name"]),
        ("简称", said.get("short_name")),
        ("统一社会信用代码", said.get("unified_credit_code")),
        ("行业", said.get("industry")),
        ("客户性质", KINDS[CustomerKind(said["kind"])]),
        ("所在区划", person(said["division_code"], name)),
        ("专业类别", said.get("specialty_class")),
        ("客户编号", row["customer_id"]),
    ]


def _proposal(row: RowMapping, units: Mapping[str, str]) -> list[tuple[str, Value]]:
    return [
        ("申报单位", units[row["declaring_unit"]]),
        ("申报人", person(row["declared_by"], row["declared_name"])),
        ("申报日期", row["declared_on"]),
        ("上报支局", units.get(row["reporting_branch"])),
        ("拟定开发单位", units[row["development_unit"]]),
        ("联合开发单位", "、".join(units[unit] for unit in row["joint_units"]) or None),
    ]


def _decision(row: RowMapping) -> list[tuple[str, Value]]:
    return [
        ("核准结果", DECISIONS[DeclarationState(row["state"])]),
        ("核准人", person(row["decided_by"], row["decided_name"])),
        ("核准日期", row["decided_on"]),
        ("申报版本", row["version"]),
    ]


def _entry(work: Work, entry: RowMapping) -> list[Value]:
    return [
        entry["sequence"],
        _STEPS.get(entry["step"], entry["step"]),
        instant(work, entry["recorded_at"]),
        entry["previous_hash"],
        entry["hash"],
    ]
