"""Archives as files: covers, custodians, freshness; what the log keeps is read elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.archive.models import PartState, share_of
from services.registry.api.models import ADMINISTERING, OnDay, Reason, actor, itself, unknown
from services.registry.domain.archive.completeness import ArchiveCompleteness, nothing_yet
from services.registry.domain.archive.freshness import ArchiveFreshness
from services.registry.domain.archive.parts.fields import PARTS
from services.registry.handlers.archive import entrust_archive
from services.registry.handlers.archive.entrust_archive import EntrustArchive
from services.registry.storage.archive import freshness, reports
from shared.contracts.values import Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.policy import in_force
from shared.work import Work

router = Router(prefix="/v1/archives", tags=["archives"])
_FILES = Keyset("customer_key uuid")
_KEPT = Keyset("version integer", descending=True)

Freshness = Literal["current", "overdue", "no-rule"]


class FileOut(BaseModel):
    """The file of a key account and how fresh it is; `due_on` is the last day in time (R-67)."""

    customer_key: UUID
    customer_id: str | None
    name: str
    opened_on: date
    updated_on: date | None
    custodian: str | None
    months: int | None
    due_on: date | None
    freshness: Freshness
    version: int


class Cover(FileOut):
    """A file with the state of its four parts (R-60, R-69)."""

    parts: list[PartState]


class Entrusting(OnDay):
    """Who keeps the archive from a day on, and why."""

    custodian: Code
    reason: Reason


class CustodianOut(BaseModel):
    """Who kept the archive from which day on."""

    version: int
    custodian: str
    on: date
    reason: str
    appointed_by: str
    recorded_at: datetime


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: Freshness | None = None,
    custodian: Code | None = None,
) -> Page[FileOut]:
    """档案一览 / files in sight; `state=overdue` lists those that were not updated in time."""
    policy = await in_force(work, ArchiveFreshness, work.today)
    return await page.read(
        work,
        f"SELECT * FROM ({reports.COVER}) cover"
        " WHERE (CAST(:state AS text) IS NULL OR freshness = :state)"
        " AND (CAST(:kept_by AS text) IS NULL OR custodian = :kept_by)",
        _FILES,
        _file,
        **freshness.parameters(policy.body, work.today),
        state=state,
        kept_by=custodian,
    )


@router.get("/{customer_key}")
async def one(customer_key: UUID, work: Reading) -> Cover:
    """档案封面 / the file of one customer: its parts, their completeness, its custodian."""
    return await _cover(work, customer_key)


@router.get("/{customer_key}/custodians")
async def custodians(customer_key: UUID, work: Reading, page: PageQuery) -> Page[CustodianOut]:
    """历任保管人 / who kept the archive, the latest first."""
    return await page.read(work, reports.CUSTODIANS, _KEPT, _custodian, key=customer_key)


@router.put("/{customer_key}/custodian", roles=ADMINISTERING)
async def entrust(
    customer_key: UUID, body: Entrusting, expected_version: IfMatch, work: Commanding
) -> Cover:
    """指定保管人 / entrust the archive to a custodian; If-Match is the file's version."""
    await itself(work, customer_key)
    command = EntrustArchive(
        *(customer_key, body.custodian, actor(work), body.reason, expected_version, body.on)
    )
    await entrust_archive.handle(work, command)
    return await _cover(work, customer_key)


async def _cover(work: Work, customer_key: UUID) -> Cover:
    policy = await in_force(work, ArchiveFreshness, work.today)
    required = (await in_force(work, ArchiveCompleteness, work.today)).body
    row = await work.row(
        f"{reports.COVER} AND d.customer_key = :key",
        **freshness.parameters(policy.body, work.today),
        key=customer_key,
    )
    if row is None:
        raise unknown(customer_key)
    states = {
        part["section"]: _part(part)
        for part in await work.rows(
            reports.PARTS, key=customer_key, sections=[section.value for section in PARTS]
        )
    }
    empty = {section: nothing_yet(section, required) for section in PARTS}
    return Cover(
        **_file(row).model_dump(),
        parts=[
            states.get(section.value)
            or PartState(
                section=section,
                version=0,
                completeness=empty[section].share,
                missing=list(empty[section].missing),
            )
            for section in PARTS
        ],
    )


def _file(row: RowMapping) -> FileOut:
    return FileOut(**{name: row[name] for name in FileOut.model_fields})


def _custodian(row: RowMapping) -> CustodianOut:
    return CustodianOut(**row)


def _part(row: RowMapping) -> PartState:
    return PartState(
        section=row["section"],
        version=row["version"],
        on=row["on"],
        author=row["author"],
        completeness=share_of(row["required"], row["missing"]),
        missing=row["missing"],
        confirmed_on=row["confirmed_on"],
    )
