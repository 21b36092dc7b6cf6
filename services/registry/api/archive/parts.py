"""The four parts of an archive: read under permission, written, confirmed (R-61 to R-64, R-68)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Field

from services.registry.api.archive.contents import (
    BasicIn,
    CompetitorsIn,
    ExtendedIn,
    KeyPeopleIn,
    content_of,
)
from services.registry.api.archive.models import (
    AsOf,
    AtVersion,
    Confirmation,
    Content,
    PartView,
    Purpose,
    Receipt,
    VersionOut,
    read,
    version_out,
    view,
)
from services.registry.api.models import RESPONSIBLE, Command, actor, in_sight
from services.registry.domain.archive.parts.basic import BasicPart, PostalChange, postal_changes
from services.registry.domain.archive.parts.competitors import CompetitorsPart
from services.registry.domain.archive.parts.extended import ExtendedPart
from services.registry.domain.archive.parts.fields import Place, Section
from services.registry.domain.archive.parts.key_people import (
    DecisionSize,
    KeyPeoplePart,
    decision_size,
)
from services.registry.handlers.archive import confirm_part, write_part
from services.registry.handlers.archive.confirm_part import ConfirmPart
from services.registry.handlers.archive.write_part import WritePart
from services.registry.storage.archive import reports
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/archives/{customer_key}/parts", tags=["archives"])
_VERSIONS = Keyset("version integer", descending=True)
Part = Annotated[Section, Path(description="basic, extended, key-people, competitors")]


class BasicOut(PartView):
    """The basic part; `postal_changes` compare each recorded year with the one before."""

    content: BasicPart | None = None
    postal_changes: list[PostalChange] = Field(default=[])


class ExtendedOut(PartView):
    """The extended part."""

    content: ExtendedPart | None = None


class KeyPeopleOut(PartView):
    """The key people, with the number of steps and participants of a decision."""

    content: KeyPeoplePart | None = None
    decision: DecisionSize | None = None


class CompetitorsOut(PartView):
    """The competitors."""

    content: CompetitorsPart | None = None


class BasicUpdate(Content):
    """The whole basic part as it is from `on` on."""

    content: BasicIn


class ExtendedUpdate(Content):
    """The whole extended part as it is from `on` on."""

    content: ExtendedIn


class KeyPeopleUpdate(Content):
    """All key people as they are from `on` on."""

    content: KeyPeopleIn


class CompetitorsUpdate(Content):
    """All competitors as they are from `on` on."""

    content: CompetitorsIn


class ConfirmationOut(BaseModel):
    """A part that was found correct on a day (R-69)."""

    customer_key: UUID
    section: Section
    version: int
    on: date


@router.get("/basic", audited=True)
async def basic(
    customer_key: UUID,
    work: Commanding,
    purpose: Purpose,
    on: AsOf = None,
    version: AtVersion = None,
) -> BasicOut:
    """基本信息 / the basic part; the read is logged."""
    shown = await read(work, customer_key, Section.BASIC, purpose, on=on, version=version)
    out = BasicOut.model_validate(view(customer_key, Section.BASIC, shown))
    uses = out.content.postal_use if out.content else ()
    return out.model_copy(update={"postal_changes": postal_changes(uses)})


@router.get("/extended", audited=True)
async def extended(
    customer_key: UUID,
    work: Commanding,
    purpose: Purpose,
    on: AsOf = None,
    version: AtVersion = None,
) -> ExtendedOut:
    """扩展信息 / the extended part; the read is logged."""
    shown = await read(work, customer_key, Section.EXTENDED, purpose, on=on, version=version)
    return ExtendedOut.model_validate(view(customer_key, Section.EXTENDED, shown))


@router.get("/key-people", audited=True)
async def key_people(
    customer_key: UUID,
    work: Commanding,
    purpose: Purpose,
    on: AsOf = None,
    version: AtVersion = None,
) -> KeyPeopleOut:
    """相关重要人士 / the key people; the read is logged."""
    shown = await read(work, customer_key, Section.KEY_PEOPLE, purpose, on=on, version=version)
    out = KeyPeopleOut.model_validate(view(customer_key, Section.KEY_PEOPLE, shown))
    size = decision_size(out.content) if out.content else None
    return out.model_copy(update={"decision": size})


@router.get("/competitors", audited=True)
async def competitors(
    customer_key: UUID,
    work: Commanding,
    purpose: Purpose,
    on: AsOf = None,
    version: AtVersion = None,
) -> CompetitorsOut:
    """竞争者信息 / the competitors; the read is logged."""
    shown = await read(work, customer_key, Section.COMPETITORS, purpose, on=on, version=version)
    return CompetitorsOut.model_validate(view(customer_key, Section.COMPETITORS, shown))


@router.put("/basic", roles=RESPONSIBLE)
async def write_basic(
    customer_key: UUID, body: BasicUpdate, expected_version: IfMatch, work: Commanding
) -> Receipt:
    """更新基本信息 / the next version of the basic part; If-Match "0" before the first."""
    return await _write(work, customer_key, Section.BASIC, body, body.content, expected_version)


@router.put("/extended", roles=RESPONSIBLE)
async def write_extended(
    customer_key: UUID, body: ExtendedUpdate, expected_version: IfMatch, work: Commanding
) -> Receipt:
    """更新扩展信息 / the next version of the extended part."""
    return await _write(work, customer_key, Section.EXTENDED, body, body.content, expected_version)


@router.put("/key-people", roles=RESPONSIBLE)
async def write_key_people(
    customer_key: UUID, body: KeyPeopleUpdate, expected_version: IfMatch, work: Commanding
) -> Receipt:
    """更新相关重要人士 / the next version of the key people."""
    section = Section.KEY_PEOPLE
    return await _write(work, customer_key, section, body, body.content, expected_version)


@router.put("/competitors", roles=RESPONSIBLE)
async def write_competitors(
    customer_key: UUID, body: CompetitorsUpdate, expected_version: IfMatch, work: Commanding
) -> Receipt:
    """更新竞争者信息 / the next version of the competitors."""
    section = Section.COMPETITORS
    return await _write(work, customer_key, section, body, body.content, expected_version)


@router.get("/{section}/versions")
async def versions(
    customer_key: UUID, section: Part, work: Reading, page: PageQuery
) -> Page[VersionOut]:
    """历次版本 / every version without its content, the newest first."""
    return await page.read(
        work,
        reports.VERSIONS,
        _VERSIONS,
        version_out,
        key=customer_key,
        section=section.value,
        item="",
    )


@router.post("/{section}/confirm", roles=RESPONSIBLE)
async def confirm(
    customer_key: UUID, section: Part, body: Confirmation, work: Commanding
) -> ConfirmationOut:
    """确认内容准确 / confirm that the newest version is correct on a day."""
    await in_sight(work, customer_key)
    command = ConfirmPart(customer_key, section, body.version, actor(work), body.on)
    await confirm_part.handle(work, command)
    return ConfirmationOut(
        customer_key=customer_key,
        section=section,
        version=body.version,
        on=body.on or work.today,
    )


async def _write(
    work: Work,
    customer_key: UUID,
    section: Section,
    body: Content,
    content: Command,
    expected_version: int,
) -> Receipt:
    await in_sight(work, customer_key)
    command = WritePart(
        *(customer_key, Place(section), content_of(section, content), actor(work), body.reason),
        *(expected_version, body.on),
    )
    written = await write_part.handle(work, command)
    return Receipt(
        customer_key=customer_key,
        section=section,
        item="",
        version=written.version,
        on=written.on,
        completeness=written.completeness.share,
        missing=list(written.completeness.missing),
    )
