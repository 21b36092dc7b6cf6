"""Dealings of all departments, and yearly figures, accumulate in the archive (R-65, R-66)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.archive.contents import (
    AnnualReportIn,
    Line,
    Person,
    Words,
    content_of,
)
from services.registry.api.archive.models import (
    Content,
    PartView,
    Purpose,
    Receipt,
    read,
    receipt,
    view,
)
from services.registry.api.archive.refused import note_refused
from services.registry.api.models import RESPONSIBLE, OnDay, actor, in_sight, itself
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.archive.parts.records import AnnualReport, Dealing, DealingKind
from services.registry.handlers.archive import record_dealing, write_part
from services.registry.handlers.archive.read_archive import Shown
from services.registry.handlers.archive.record_dealing import RecordDealing
from services.registry.handlers.archive.write_part import WritePart
from services.registry.storage.archive import reports
from shared.contracts.values import Label
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Router

router = Router(prefix="/v1/archives/{customer_key}", tags=["archives"], note_refused=note_refused)
_ORDER = Keyset("occurred_on date", "item text", descending=True)
Year = Annotated[int, Path(ge=1900, le=9999)]


class DealingIn(OnDay):
    """What happened with the customer, on which day."""

    kind: DealingKind
    subject: Line
    department: Label
    people: list[Person] = Field(default=[], max_length=50)
    account: Words | None = None


class Recorded(BaseModel):
    """The entry that was added to the journal."""

    entry_id: UUID
    on: date


class JournalEntry(PartView):
    """A dealing; people and account stand behind masks without permission."""

    entry_id: UUID
    content: Dealing


class AnnualUpdate(Content):
    """A year's figures, new or corrected."""

    content: AnnualReportIn


class AnnualOut(PartView):
    """A year's figures; amounts in yuan."""

    year: int
    content: AnnualReport


@router.post("/journal", status_code=201)
async def record(customer_key: UUID, body: DealingIn, work: Commanding) -> Recorded:
    """登记重大事项和重要接触 / report a dealing; every department may, and has to (R-66)."""
    await itself(work, customer_key)
    dealing = Dealing(body.kind, body.subject, body.department, tuple(body.people), body.account)
    command = RecordDealing(customer_key, dealing, actor(work), body.on)
    entry_id = await record_dealing.handle(work, command)
    return Recorded(entry_id=entry_id, on=body.on or work.today)


@router.get("/journal", audited=True)
async def journal(
    customer_key: UUID,
    work: Commanding,
    page: PageQuery,
    purpose: Purpose,
    kind: DealingKind | None = None,
) -> Page[JournalEntry]:
    """业务交往记录 / dealings with the customer, the latest first; the read is logged."""
    await in_sight(work, customer_key)
    start = page.start(_ORDER)
    rows = await work.rows(
        _ORDER.statement(reports.JOURNAL, bool(start)),
        key=customer_key,
        kind=kind and kind.value,
        **start,
        page_limit=page.size + 1,
    )
    items = [row["item"] for row in rows[: page.size]]
    shown = await read(work, customer_key, Section.JOURNAL, purpose, items=items)
    by_item = {each.place.item: each for each in shown}

    def entry(row: RowMapping) -> JournalEntry:
        fields = view(customer_key, Section.JOURNAL, [by_item[row["item"]]])
        return JournalEntry.model_validate({**fields, "entry_id": row["item"]})

    return page.of(rows, _ORDER, entry)


@router.put("/annual/{year}", roles=RESPONSIBLE)
async def write_annual(
    customer_key: UUID,
    year: Year,
    body: AnnualUpdate,
    expected_version: IfMatch,
    work: Commanding,
) -> Receipt:
    """年度业绩和财务状况 / a year's performance and finances; earlier versions stay."""
    await itself(work, customer_key)
    place = Place(Section.ANNUAL, str(year))
    command = WritePart(
        *(customer_key, place, content_of(Section.ANNUAL, body.content), actor(work)),
        *(body.reason, expected_version, body.on),
    )
    written = await write_part.handle(work, command)
    return receipt(place, customer_key, written)


@router.get("/annual", audited=True)
async def annual(customer_key: UUID, work: Commanding, purpose: Purpose) -> list[AnnualOut]:
    """历年业绩和财务状况 / every recorded year, the earliest first; the read is logged."""
    shown = await read(work, customer_key, Section.ANNUAL, purpose)
    return [_annual(customer_key, each) for each in shown]


def _annual(customer_key: UUID, each: Shown) -> AnnualOut:
    fields = view(customer_key, Section.ANNUAL, [each])
    return AnnualOut.model_validate({**fields, "year": int(each.place.item)})
