"""Form 6 of 001: the declaration of a key account, with its place in the chain (R-21, X-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.registry.api.archive.refused import note_refused
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
from services.registry.domain.proof.documents import RequiredDocuments
from services.registry.domain.proof.evidence_chain import Entry, require_evidence
from services.registry.domain.register.customers import CustomerKind
from services.registry.storage.forms import reports
from services.registry.storage.proof import reports as proof_reports
from services.registry.storage.proof.declarations import UnknownDeclaration
from services.registry.storage.register.divisions import divisions
from shared.documents import Column, Fields, Form, FormFormat, Signatures, Table, Value
from shared.documents.answers import Printed, files
from shared.http import Commanding, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/forms/declarations", tags=["forms"], note_refused=note_refused)
_CHAIN = (
    Column("序号", 6, "center"),
    Column("事项", 8, "center"),
    Column("记录时间", 20, "center"),
    Column("前一记录哈希", 30),
    Column("本记录哈希", 30),
)
_STEPS = {
    "submitted": "申报",
    "proposed": "初步界定",
    "waived": "免交材料",
    "approved": "核准",
    "refused": "不予核准",
}
_PROPOSALS = (
    Column("序号", 6, "center"),
    Column("拟定开发单位", 24),
    Column("联合开发单位", 20),
    Column("界定人", 10, "center"),
    Column("日期", 12, "center"),
    Column("理由", 28),
)
_DOCUMENTS = (
    Column("材料", 22),
    Column("号码末位", 10, "center"),
    Column("签发日期", 12, "center"),
    Column("有效期至", 12, "center"),
    Column("年检日期", 12, "center"),
    Column("原件存放", 18),
    Column("登记人", 10, "center"),
)


@router.get("/{declaration_id}", audited=True, responses=files("pdf", "xlsx"))
async def declaration(declaration_id: UUID, work: Commanding, on: As = FormFormat.PDF) -> Printed:
    """大客户注册申报登记表 / the declaration as it was chained, with its decision (form 6).

    An entry that was altered since is no evidence: nothing is printed (409).
    """
    row = await work.row(reports.DECLARATION, id=declaration_id, today=work.today)
    if row is None:
        raise UnknownDeclaration(
            f"没有申报 {declaration_id}",
            f"there is no declaration {declaration_id} that you may see",
        )
    form = await _form(work, row)
    return Printed(form, on, f"大客户注册申报登记表-{declaration_id}")


async def _form(work: Work, row: RowMapping) -> Form:
    chain = await work.rows(reports.CHAIN, id=row["declaration_id"])
    proposals = await work.rows(
        f"{proof_reports.PROPOSALS} ORDER BY p.sequence", id=row["declaration_id"]
    )
    entries = [Entry(**entry) for entry in chain]
    said = require_evidence(entries)
    declared, decided = said[0], said[-1]
    units = await unit_names(work, _units(row, decided, proposals))
    return Form(
        code="表6",
        title="大客户注册申报登记表",
        subtitle=f"申报编号　{row['declaration_id']}",
        printing=await printed_by(work),
        blocks=(
            Fields("一、申报客户", _customer(declared["customer"], row)),
            Fields("二、申报", _declared(row, units)),
            Table("三、初步界定", _PROPOSALS, [_proposal(each, units) for each in proposals]),
            Table("四、申报材料", _DOCUMENTS, await _documents(work, row)),
            Fields("五、核准", _decision(row, decided, units)),
            Table("六、申报记录（原始凭证）", _CHAIN, _record(work, entries, said)),
            Signatures(("申报人", "客户管理员", "大客户中心总监")),
        ),
        footnotes=(
            OUR_LAYOUT,
            "“一、二”两栏为申报时所记载、此后不可更改的内容；“客户编号”为核准后由省局发放。",
            "申报记录按序以哈希相链，是裁定开发权争议的原始客观依据；可按序号与哈希核对。",
        ),
    )


def _units(
    row: RowMapping, decided: Mapping[str, Any], proposals: Sequence[RowMapping]
) -> Iterator[str | None]:
    yield from (row["declaring_unit"], row["reporting_branch"], row["development_unit"])
    yield from row["joint_units"]
    yield decided.get("developed_by")
    yield from decided.get("developed_with", ())
    for proposal in proposals:
        yield from (proposal["development_unit"], *proposal["joint_units"])


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


def _declared(row: RowMapping, units: Mapping[str, str]) -> list[tuple[str, Value]]:
    return [
        ("申报单位", units[row["declaring_unit"]]),
        ("申报人", person(row["declared_by"], row["declared_name"])),
        ("申报日期", row["declared_on"]),
        ("上报支局", units.get(row["reporting_branch"])),
        ("申报的开发单位", units[row["development_unit"]]),
        ("联合开发单位", _several(row["joint_units"], units)),
    ]


def _proposal(row: RowMapping, units: Mapping[str, str]) -> list[Value]:
    return [
        row["sequence"],
        units[row["development_unit"]],
        _several(row["joint_units"], units),
        row["proposed_by"],
        row["proposed_on"],
        row["reason"],
    ]


async def _documents(work: Work, row: RowMapping) -> list[list[Value]]:
    """What was registered of the customer, and what was waived of this declaration (R-26)."""
    policy = await in_force(work, RequiredDocuments, work.today)
    titles = {rule.document: rule.zh for rule in policy.body.documents}
    held = await work.rows(
        f"{proof_reports.DOCUMENTS} ORDER BY d.registered_on, d.document_id",
        key=row["customer_key"],
    )
    waived = await work.rows(proof_reports.WAIVERS, id=row["declaration_id"])
    return [
        *(
            [
                *(titles.get(each["kind"], each["kind"]), each["number_ends"]),
                *(each["issued_on"], each["valid_until_on"], each["inspected_on"]),
                *(each["kept_at"], each["registered_by"]),
            ]
            for each in held
        ),
        *(
            [
                *(f"{titles.get(each['document'], each['document'])}（免交）", None),
                *(each["waived_on"], None, None, each["reason"], each["waived_by"]),
            ]
            for each in waived
        ),
    ]


def _decision(
    row: RowMapping, decided: Mapping[str, Any], units: Mapping[str, str]
) -> list[tuple[str, Value]]:
    return [
        ("核准结果", DECISIONS[DeclarationState(row["state"])]),
        ("核准人", person(row["decided_by"], row["decided_name"])),
        ("核准日期", row["decided_on"]),
        ("核准意见", row["decision_reason"]),
        ("核定开发单位", units.get(decided.get("developed_by", ""))),
        ("核定联合开发单位", _several(decided.get("developed_with", ()), units)),
    ]


def _several(codes: Sequence[str], units: Mapping[str, str]) -> str | None:
    return "、".join(units[code] for code in codes) or None


def _record(
    work: Work, entries: Sequence[Entry], said: Sequence[Mapping[str, Any]]
) -> list[list[Value]]:
    return [
        [
            *(entry.sequence, _STEPS.get(each["step"], each["step"])),
            *(instant(work, entry.recorded_at), entry.previous_hash, entry.hash),
        ]
        for entry, each in zip(entries, said, strict=True)
    ]
