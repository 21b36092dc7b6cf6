"""Form 2 of 001: the customer's file in its four parts, masked as on the screen (R-61, X-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.api.archive.models import Purpose
from services.registry.api.archive.refused import note_refused
from services.registry.api.forms.archive_words import LABELS, WORDS
from services.registry.api.forms.printing import (
    KINDS,
    OUR_LAYOUT,
    STATES,
    As,
    person,
    printed_by,
    unit_names,
)
from services.registry.api.models import actor, in_sight, unknown
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.parts.fields import PARTS, Section
from services.registry.domain.register.customers import CustomerKind, CustomerState
from services.registry.handlers.archive import read_archive
from services.registry.handlers.archive.read_archive import ReadArchive, Shown
from services.registry.storage import reports
from services.registry.storage.register.divisions import divisions
from shared.documents import Column, Fields, Form, FormFormat, Signatures, Table, Value
from shared.documents.answers import Printed, files
from shared.http import Commanding, Router
from shared.work import Work

router = Router(prefix="/v1/forms/customers", tags=["forms"], note_refused=note_refused)
_TITLES = {
    Section.BASIC: "二、基本信息",
    Section.EXTENDED: "三、扩展信息",
    Section.KEY_PEOPLE: "四、相关重要人士信息",
    Section.COMPETITORS: "五、竞争者信息",
}


@router.get("/{customer_key}", audited=True, responses=files("pdf", "xlsx"))
async def customer_file(
    customer_key: UUID, work: Commanding, purpose: Purpose, on: As = FormFormat.PDF
) -> Printed:
    """客户档案 / the four parts of a customer's file; the read is logged as an export (form 2).

    What the reader has no permission for stands behind masks, as on the screen (R-70).
    """
    await in_sight(work, customer_key)
    row = await work.row(
        f"{reports.CUSTOMER} AND c.customer_key = :key", key=customer_key, today=work.today
    )
    if row is None:
        raise unknown(customer_key)
    command = ReadArchive([customer_key], PARTS, actor(work), purpose, action=AuditAction.EXPORT)
    shown = {each.place.section: each for each in await read_archive.handle(work, command)}
    name = row["customer_id"] or customer_key
    return Printed(await _form(work, row, shown, purpose), on, f"客户档案-{name}")


async def _form(work: Work, row: RowMapping, shown: Mapping[Section, Shown], purpose: str) -> Form:
    units = await unit_names(work, (row["owner_unit"], row["declaring_unit"]))
    blocks: list[Fields | Table | Signatures] = [Fields("一、客户", _customer(row, units))]
    for section, title in _TITLES.items():
        blocks.extend(_part(title, shown.get(section)))
    is_masked = any(each.sight.is_masked for each in shown.values())
    masks = ["带“*”或空白的机密栏目须经查阅许可方可显示（R-70）。"] if is_masked else []
    return Form(
        code="表2",
        title="客户档案",
        subtitle=row["name"],
        printing=await printed_by(work),
        blocks=(*blocks, Signatures(("档案保管人", "大客户中心总监"))),
        footnotes=(
            OUR_LAYOUT,
            *masks,
            f"查阅用途：{purpose}。打印已记入查阅日志，不得用于其他目的。",
        ),
    )


def _customer(row: RowMapping, units: Mapping[str, str]) -> list[tuple[str, Value]]:
    division = divisions(row["division_code"])
    place = division.name_on(row["declared_on"]) if division else None
    return [
        ("客户编号", row["customer_id"]),
        ("客户名称", row["name"]),
        ("统一社会信用代码", row["unified_credit_code"]),
        ("客户性质", KINDS[CustomerKind(row["kind"])]),
        ("状态", STATES[CustomerState(row["state"])]),
        ("所在区划", person(row["division_code"], place)),
        ("归属单位", units.get(row["owner_unit"])),
        ("申报单位", units.get(row["declaring_unit"])),
        ("申报日期", row["declared_on"]),
        ("注册日期", row["registered_on"]),
    ]


def _part(title: str, shown: Shown | None) -> Iterator[Fields | Table]:
    """The part with the version it is of; every list in it a table, every model a block."""
    if shown is None:
        yield Fields(title, [("内容", "尚未建立")])
        return
    version = f"{title}（第 {shown.version} 版，{shown.on}，{shown.author}）"
    yield from _content(version, shown.content)


def _content(title: str, content: Any) -> Iterator[Fields | Table]:
    labels = LABELS[type(content)]
    plain = [(label, getattr(content, name)) for name, label in labels.items()]
    simple = [(label, _value(value)) for label, value in plain if not _is_block(value)]
    if simple:
        yield Fields(title, simple)
    for name, label in labels.items():
        value = getattr(content, name)
        if is_dataclass(value):
            yield from _content(label, value)
        elif _is_block(value):
            yield _table(label, value)


def _is_block(value: object) -> bool:
    return is_dataclass(value) or (isinstance(value, tuple) and any(map(is_dataclass, value)))


def _table(title: str, rows: Sequence[Any]) -> Table:
    labels = LABELS[type(rows[0])]
    return Table(
        title,
        [Column(label) for label in labels.values()],
        [[_value(getattr(row, name)) for name in labels] for row in rows],
    )


def _value(value: Any) -> Value:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        return WORDS[value]
    if isinstance(value, tuple | list):
        return "、".join(value)
    if value is None or isinstance(value, int | Decimal | date):
        return value
    return str(value)
