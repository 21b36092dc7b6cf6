"""What exports of the books have in common, and who exported what (X-08, X-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel

from services.billing.api.models import BOOKKEEPING
from services.billing.handlers.forms import export_rows
from services.billing.handlers.forms.export_rows import ExportRows
from services.billing.storage.forms import exports
from shared.documents.answers import Exported, site_name
from shared.documents.exports import ExportFormat, Listing
from shared.documents.forms import Cell, cell
from shared.http import Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/exports", tags=["forms"])
ASKING: frozenset[Role] = BOOKKEEPING | {
    *("market_department", "supervisor", "province_administrator", "customer_administrator")
}
"""Who may be asked for at all; which of them exports is policy."""
As = Annotated[ExportFormat, Query(alias="format", description="文件格式 / file format")]
Purpose = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        pattern=r"\S",
        description="用途；导出结果仅限此用途 / what for; it serves nothing else (X-11)",
    ),
]
_ORDER = Keyset("exported_at instant", "export_id uuid", descending=True)
TARIFF_CLASSES = {"household": "居民", "other": "其他"}
"""What the classes of charges are called on paper."""
CUSTOMER = {"customer_id": "客户编号", "customer_name": "客户名称"}
"""The customer's columns of every export; empty where it is not in sight."""


@dataclass(frozen=True)
class Rows:
    """What is exported: `columns` are fields of the rows of `sql` with their titles in the file."""

    what: str
    title: str
    sql: str
    keyset: Keyset
    columns: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    """By field, how its values are written; what senders named stands as they named it."""


class ExportOut(BaseModel):
    """Who took which rows out of the books, and for what."""

    export_id: UUID
    exported_at: datetime
    staff_code: str
    unit: str
    what: str
    format: str
    purpose: str
    filters: dict[str, str]
    rows: int
    policy_version: int


@router.get("", roles=BOOKKEEPING)
async def listed(
    work: Reading,
    page: PageQuery,
    staff_code: Annotated[str | None, Query(max_length=64)] = None,
) -> Page[ExportOut]:
    """导出记录 / who exported what, the latest first."""
    return await page.read(
        work, exports.LOG, _ORDER, lambda row: ExportOut(**row), staff_code=staff_code
    )


async def exported(
    request: Request,
    work: Work,
    rows: Rows,
    purpose: str,
    on: ExportFormat,
    parameters: Mapping[str, Any],
) -> Exported:
    """The file of `rows`, once it is noted. Raises NotAnExporter, ExportTooLarge."""
    await export_rows.handle(work, ExportRows(rows.what, purpose, on.value, rows.sql, parameters))
    fields = tuple(rows.columns)

    def make(row: Mapping[str, Any]) -> list[str | Cell]:
        return [_written(row[field], rows.words.get(field, {})) for field in fields]

    listing = Listing(
        title=rows.title,
        site=await site_name(work),
        columns=tuple(rows.columns.values()),
        sql=exports.with_customers(rows.sql),
        keyset=rows.keyset,
        make=make,
        parameters=parameters,
    )
    return Exported(request, work.person, listing, on, work.today)


def _written(value: object, words: Mapping[str, str]) -> str | Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or isinstance(value, int | Decimal):
        return cell(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return cell(value)
    return words.get(str(value), str(value))
