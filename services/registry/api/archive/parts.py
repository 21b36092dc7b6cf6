"""The four parts of an archive: read under permission, written, confirmed (R-61 to R-64, R-68)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
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
    receipt,
    version_out,
    view,
)
from services.registry.api.archive.refused import note_refused
from services.registry.api.models import RESPONSIBLE, actor, itself
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

router = Router(
    prefix="/v1/archives/{customer_key}/parts", tags=["archives"], note_refused=note_refused
)
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


def _decision(out: Any) -> dict[str, object]:
    return {"decision": decision_size(out.content) if out.content else None}


def _changes(out: Any) -> dict[str, object]:
    return {"postal_changes": postal_changes(out.content.postal_use if out.content else ())}


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the four parts as callers know it; `reckoned` is what is made of its content."""

    section: Section
    zh: str
    en: str
    update: type[Content]
    out: type[PartView]
    reckoned: Callable[[Any], dict[str, object]] = lambda out: {}


_PARTS = (
    _Part(Section.BASIC, "基本信息", "the basic part", BasicUpdate, BasicOut, _changes),
    _Part(Section.EXTENDED, "扩展信息", "the extended part", ExtendedUpdate, ExtendedOut),
    _Part(
        *(Section.KEY_PEOPLE, "相关重要人士", "the key people"),
        *(KeyPeopleUpdate, KeyPeopleOut, _decision),
    ),
    _Part(
        *(Section.COMPETITORS, "竞争者信息", "the competitors"),
        *(CompetitorsUpdate, CompetitorsOut),
    ),
)


def _serve(part: _Part) -> None:
    """Add the read and the update of one part: they differ in what the part is made of alone."""

    async def show(
        customer_key: UUID,
        work: Commanding,
        purpose: Purpose,
        on: AsOf = None,
        version: AtVersion = None,
    ) -> PartView:
        shown = await read(work, customer_key, part.section, purpose, on=on, version=version)
        out = part.out.model_validate(view(customer_key, part.section, shown))
        return out.model_copy(update=part.reckoned(out))

    async def write(
        customer_key: UUID, body: Any, expected_version: IfMatch, work: Commanding
    ) -> Receipt:
        await itself(work, customer_key)
        content = content_of(part.section, body.content)
        command = WritePart(
            *(customer_key, Place(part.section), content, actor(work), body.reason),
            *(expected_version, body.on),
        )
        return receipt(command.place, customer_key, await write_part.handle(work, command))

    name = part.section.value.replace("-", "_")
    show.__name__, write.__name__ = name, f"write_{name}"
    show.__doc__ = f"{part.zh} / {part.en}; the read is logged."
    write.__doc__ = f'更新{part.zh} / the next version of {part.en}; If-Match "0" before the first.'
    show.__annotations__["return"] = part.out
    write.__annotations__["body"] = part.update
    router.get(f"/{part.section}", audited=True)(show)
    router.put(f"/{part.section}", roles=RESPONSIBLE)(write)


for _part in _PARTS:
    _serve(_part)


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
    await itself(work, customer_key)
    command = ConfirmPart(customer_key, section, body.version, actor(work), body.on)
    await confirm_part.handle(work, command)
    return ConfirmationOut(
        customer_key=customer_key,
        section=section,
        version=body.version,
        on=body.on or work.today,
    )
