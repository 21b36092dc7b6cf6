"""Units: the province, cities, counties and branches (R-01, R-03, R-04)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import Command
from services.registry.domain.centres.organisation import Level, Unit, UnitKind
from services.registry.handlers.centres import amend_unit, found_unit
from services.registry.handlers.centres.amend_unit import AmendUnit
from services.registry.handlers.centres.found_unit import FoundUnit
from services.registry.storage.centres import reports
from shared.contracts.values import Code, DivisionCode, Name, Word
from shared.errors import NotFound
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/units", tags=["units"])
_ORDER = Keyset("unit text")
_UNITS = reports.UNITS
UnitCode = Annotated[Code, Path(description="机构代码 / code of the unit")]


class UnitIn(Command):
    """A unit to found; a branch (`level: branch`) gets no centre (R-04)."""

    unit: Code
    name: Name
    level: Level
    kind: UnitKind = UnitKind.TERRITORIAL
    parent: Code | None = None
    division_code: DivisionCode | None = None
    specialty: Word | None = Field(
        default=None, description="专业局的专业 / trade of a professional bureau (R-06)"
    )


class UnitAmendment(Command):
    """The name and division of a unit from now on; a trade left out stays."""

    name: Name
    division_code: DivisionCode | None = None
    specialty: Word | None = None


class UnitOut(BaseModel):
    """A unit as it is."""

    unit: str
    name: str
    parent: str | None
    level: Level
    kind: UnitKind
    division_code: str | None
    specialty: str | None
    region_class: int | None
    version: int


def _unit(row: RowMapping) -> UnitOut:
    return UnitOut(**row)


async def _view(work: Work, code: str) -> UnitOut:
    row = await work.row(f"{_UNITS} WHERE unit = :code", code=code)
    if row is None:
        raise NotFound(f"没有机构 {code}", f"there is no unit {code}")
    return _unit(row)


@router.get("")
async def listing(
    work: Reading, page: PageQuery, parent: Code | None = None, level: Level | None = None
) -> Page[UnitOut]:
    """机构列表 / units, by code."""
    return await page.read(
        work,
        f"{_UNITS} WHERE (CAST(:parent AS text) IS NULL OR parent = :parent)"
        " AND (CAST(:level AS text) IS NULL OR level = :level)",
        _ORDER,
        _unit,
        parent=parent,
        level=level and level.value,
    )


@router.get("/{unit}")
async def one(unit: UnitCode, work: Reading) -> UnitOut:
    """一个机构 / one unit."""
    return await _view(work, unit)


@router.post("", status_code=201, roles={"province_administrator"})
async def found(body: UnitIn, work: Commanding) -> UnitOut:
    """设立机构 / found a unit below its parent."""
    unit = Unit(body.unit, body.name, body.level, body.kind, body.parent)
    await found_unit.handle(work, FoundUnit(unit, body.division_code, body.specialty))
    return await _view(work, body.unit)


@router.patch("/{unit}", roles={"province_administrator"})
async def amend(
    unit: UnitCode, body: UnitAmendment, expected_version: IfMatch, work: Commanding
) -> UnitOut:
    """更名或更改区划 / give a unit another name or division; its place stays."""
    command = AmendUnit(
        unit, body.name, body.division_code, expected_version, specialty=body.specialty
    )
    await amend_unit.handle(work, command)
    return await _view(work, unit)
