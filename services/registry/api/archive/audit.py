"""The log of archives: read, exported and verified by auditors (X-08)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import Query, Response
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.archive.refused import note_refused
from services.registry.api.models import actor
from services.registry.domain.archive.audit import AuditAction, AuditReport
from services.registry.domain.proof.evidence_chain import head_from
from services.registry.storage.archive import audit, reports
from services.registry.storage.archive.verification import verify
from shared.contracts.values import Code
from shared.documents.csv_text import BEGINNING, csv_lines
from shared.errors import Refusal
from shared.http import Commanding, Keyset, Page, PageQuery, Router
from shared.work import Work

router = Router(prefix="/v1/archive-audit", tags=["archive audit"], note_refused=note_refused)
_ORDER = Keyset("entry_id uuid", descending=True)
_COLUMNS = (
    *("position", "entry_id", "recorded_at", "action", "staff_code", "unit", "acted_by"),
    *("customer_key", "section", "item", "part_version", "purpose", "permission", "details"),
)
_MOST = 100_000
"""Entries in one export; more are asked for by shorter periods."""


class LogTooLong(Refusal):
    """One export holds so many entries at most."""

    code = "log-too-long"
    rule = "X-08"
    title_zh = "日志过长"
    title_en = "Log too long"


class EntryOut(BaseModel):
    """Who did what with which part; `position` in the chain once it is sealed.

    `permission` is `none` when only masked values were shown.
    """

    entry_id: UUID
    position: int | None
    recorded_at: datetime
    action: str
    staff_code: str
    unit: str | None
    acted_by: str | None
    customer_key: UUID | None
    section: str | None
    item: str | None
    part_version: int | None
    purpose: str | None
    permission: str | None
    details: dict[str, Any]


class FaultOut(BaseModel):
    """Something wrong: at a position of the chain, or with an entry outside it."""

    position: int | None
    entry_id: UUID | None
    zh: str
    en: str


class VerificationOut(BaseModel):
    """Whether the log is as it was written, and how far it is sealed.

    `head` is the end of the chain: keep it outside, and a log that was rewritten as a whole shows.
    """

    is_intact: bool
    sealed: int
    head: str
    sealed_at: datetime | None
    unsealed: int
    oldest_unsealed_at: datetime | None
    faults: list[FaultOut]


@router.get("", roles={"auditor"}, audited=True)
async def listing(
    work: Commanding,
    page: PageQuery,
    customer_key: UUID | None = None,
    staff_code: Code | None = None,
    action: AuditAction | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Page[EntryOut]:
    """查阅日志 / who read and changed what, the newest first; looking here is logged too."""
    asked = _asked(work, customer_key, staff_code, action, from_on, to_on)
    found = await page.read(work, reports.LOG, _ORDER, _entry, **asked)
    await _note(work, customer_key, {"entries": len(found.items)})
    return found


@router.get(
    "/export",
    roles={"auditor"},
    audited=True,
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, "application/jsonl": {}}}},
)
async def export(
    work: Commanding,
    format: Literal["csv", "jsonl"] = "csv",
    customer_key: UUID | None = None,
    staff_code: Code | None = None,
    action: AuditAction | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Response:
    """导出日志 / the log as CSV or JSON lines, the oldest first."""
    asked = _asked(work, customer_key, staff_code, action, from_on, to_on)
    rows = await _rows(work, asked)
    await _note(work, customer_key, {"export": format, "entries": len(rows)})
    if format == "csv":
        content = BEGINNING + csv_lines([_COLUMNS, *map(_cells, rows)])
    else:
        content = b"".join(map(_line, rows))
    kind = "text/csv; charset=utf-8" if format == "csv" else "application/jsonl"
    name = f"archive-audit-{work.today}.{format}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


@router.get("/verification", roles={"auditor"}, audited=True)
async def verification(
    work: Commanding,
    noted: Annotated[
        list[str] | None,
        Query(max_length=50, description="留存的链尾，序号:哈希 / ends noted, SEQUENCE:HASH"),
    ] = None,
) -> VerificationOut:
    """验证日志 / seal what waits, then check every entry, every seal and every end noted."""
    heads = [head_from(text) for text in noted or ()]
    await audit.seal(work)
    return shown(await verify(work, heads))


def shown(report: AuditReport) -> VerificationOut:
    """A report as it is answered."""
    in_chain = [
        FaultOut(position=fault.sequence, entry_id=None, zh=fault.zh, en=fault.en)
        for fault in report.chain.faults
    ]
    outside = [
        FaultOut(position=None, entry_id=each.entry_id, zh=each.zh, en=each.en)
        for each in report.strange
    ]
    return VerificationOut(
        is_intact=report.is_intact,
        sealed=report.chain.entries,
        head=str(report.chain.head),
        sealed_at=report.sealed_at,
        unsealed=report.unsealed,
        oldest_unsealed_at=report.oldest_unsealed_at,
        faults=[*in_chain, *outside],
    )


def _asked(
    work: Work,
    key: UUID | None,
    staff: str | None,
    action: AuditAction | None,
    from_on: date | None,
    to_on: date | None,
) -> dict[str, Any]:
    return {
        "key": key,
        "staff": staff,
        "action": action and action.value,
        "from_on": from_on,
        "to_on": to_on,
        "zone": work.zone.key,
    }


async def _note(work: Work, customer_key: UUID | None, details: dict[str, object]) -> None:
    entry = audit.entry(
        work,
        AuditAction.READ_LOG,
        staff_code=actor(work).staff_code,
        customer_key=customer_key,
        details=details,
    )
    await audit.add(work, [entry])


async def _rows(work: Work, asked: dict[str, Any]) -> list[RowMapping]:
    order = Keyset("entry_id uuid")
    found: list[RowMapping] = []
    after: dict[str, Any] = {}
    while page := await work.rows(
        order.statement(reports.LOG, bool(after)), **asked, **after, page_limit=audit.AT_ONCE
    ):
        found.extend(page)
        if len(found) > _MOST:
            raise LogTooLong(
                f"超过 {_MOST} 条，请缩短期间",
                f"more than {_MOST} entries: ask for a shorter period",
                largest=_MOST,
            )
        after = {"page_0": page[-1]["entry_id"]}
    return found


def _cells(row: RowMapping) -> list[str]:
    return [_cell(row[name]) for name in _COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _line(row: RowMapping) -> bytes:
    return orjson.dumps({name: row[name] for name in _COLUMNS}, option=orjson.OPT_APPEND_NEWLINE)


def _entry(row: RowMapping) -> EntryOut:
    return EntryOut(**row)
