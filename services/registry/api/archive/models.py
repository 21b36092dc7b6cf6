"""What requests and answers about archives have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import OnDay, Reason, actor, in_sight
from services.registry.domain.archive.audit import AuditAction
from services.registry.domain.archive.completeness import Completeness
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.handlers.archive import read_archive
from services.registry.handlers.archive.read_archive import ReadArchive, Shown
from services.registry.handlers.archive.write_part import Written
from shared.contracts.values import Exact
from shared.work import Work

Purpose = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        pattern=r"\S",
        description="工作用途；查询结果仅限此用途 / what for; it serves nothing else (R-73)",
    ),
]
AsOf = Annotated[date | None, Query(description="按日期回溯 / as the archive was on that day")]
AtVersion = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="按版本 / this version")]


class PartView(BaseModel):
    """One version of a part; without `version` nobody has written it yet.

    `permission` is `none` when confidential values stand behind masks; `masked` and `erased` are
    JSON Pointers into `content`.
    """

    customer_key: UUID
    section: Section
    version: int = 0
    on: date | None = None
    author: str | None = None
    reason: str | None = None
    is_masked: bool = False
    permission: str | None = None
    masked: list[str] = []
    erased: list[str] = []


class Receipt(BaseModel):
    """The version that was written, and how complete the part is now (R-69)."""

    customer_key: UUID
    section: Section
    item: str
    version: int
    on: date
    completeness: Exact
    missing: list[str]


class Content(OnDay):
    """Why a part changes, and from which day on the content holds."""

    reason: Reason


class VersionOut(BaseModel):
    """A version of a part without its content; `completeness` is a fraction of one."""

    version: int
    on: date
    author: str
    reason: str
    completeness: Exact
    missing: list[str]
    recorded_at: datetime


class PartState(BaseModel):
    """How a part stands: newest version, completeness, and when it was last confirmed (R-69)."""

    section: Section
    version: int
    on: date | None = None
    author: str | None = None
    completeness: Exact
    missing: list[str]
    confirmed_on: date | None = None


class Confirmation(OnDay):
    """Which version was found correct."""

    version: int = Field(ge=1, le=2**31 - 1)


async def read(
    work: Work,
    customer_key: UUID,
    section: Section,
    purpose: str,
    *,
    on: date | None = None,
    version: int | None = None,
    items: Sequence[str] | None = None,
    action: AuditAction = AuditAction.READ,
) -> list[Shown]:
    """What the caller may see of a section; the read is logged (R-70, X-08)."""
    await in_sight(work, customer_key)
    command = ReadArchive(
        customer_keys=[customer_key],
        sections=[section],
        by=actor(work),
        purpose=purpose,
        action=action,
        on=on,
        version=version,
        items=items,
    )
    return await read_archive.handle(work, command)


def view(customer_key: UUID, section: Section, shown: Sequence[Shown]) -> dict[str, object]:
    """The fields of a PartView, with the content if there is any."""
    if not shown:
        return {"customer_key": customer_key, "section": section}
    each = shown[0]
    return {
        "customer_key": customer_key,
        "section": section,
        "version": each.version,
        "on": each.on,
        "author": each.author,
        "reason": each.reason,
        "is_masked": each.sight.is_masked,
        "permission": each.sight.permission,
        "masked": list(each.masked),
        "erased": list(each.erased),
        "content": each.content,
    }


def receipt(place: Place, customer_key: UUID, written: Written) -> Receipt:
    """What is answered to whoever wrote a version."""
    return Receipt(
        customer_key=customer_key,
        section=place.section,
        item=place.item,
        version=written.version,
        on=written.on,
        completeness=written.completeness.share,
        missing=list(written.completeness.missing),
    )


def share_of(required: int, missing: Sequence[str]) -> Decimal:
    """How complete a version is, as a fraction of one (R-69)."""
    return Completeness(required, tuple(missing)).share


def version_out(row: RowMapping) -> VersionOut:
    """A version as it is listed."""
    fields = dict(row)
    required = fields.pop("required")
    return VersionOut(**fields, completeness=share_of(required, fields["missing"]))
