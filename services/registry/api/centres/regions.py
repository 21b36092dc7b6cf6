"""Region classes of cities: as of a day, with their history (R-11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field

from services.registry.api.models import Command, Reason, actor
from services.registry.domain.centres.region_classes import RegionClasses
from services.registry.handlers.centres import classify_regions
from services.registry.handlers.centres.classify_regions import ReclassifyCity
from services.registry.storage.centres import region_classes, reports
from services.registry.storage.register.divisions import divisions
from shared import policy
from shared.contracts.values import DivisionCode
from shared.errors import NotFound
from shared.http import Commanding, Reading, Router
from shared.policy_body import parse
from shared.work import Work

router = Router(prefix="/v1/region-classes", tags=["centres"])
Division = Annotated[DivisionCode, Path(description="行政区划代码 / code of the division")]


class Reclassified(Command):
    """Another class for a city from a day on, which may still come."""

    division_code: DivisionCode
    region_class: int = Field(ge=1, le=99)
    effective_on: date
    reason: Reason


class CityClass(BaseModel):
    """The class of one city."""

    division_code: str
    name: str | None
    region_class: int


class RegionClassesOut(BaseModel):
    """All classified cities as of a day, by class and code."""

    on: date
    cities: list[CityClass]


class ClassEntry(BaseModel):
    """One step in the classification of a city: by the policy, or of this city alone."""

    effective_on: date
    region_class: int | None
    by_policy: bool
    version: int
    author: str
    reason: str
    recorded_at: datetime


class CityHistory(BaseModel):
    """How a city was classified, in order of the days, with today's class."""

    division_code: str
    name: str | None
    region_class: int | None
    history: list[ClassEntry]


@router.get("")
async def listing(
    work: Reading,
    on: Annotated[date | None, Query(description="截至日期，默认今天 / as of")] = None,
) -> RegionClassesOut:
    """地区分类 / the classes of all cities as of a day."""
    day = on or work.today
    codes = await region_classes.cities(work)
    known = await region_classes.classification(work, codes)
    found = [(code, known.class_on(code, day)) for code in codes]
    cities = [
        CityClass(division_code=code, name=_name(code), region_class=each)
        for code, each in sorted(found, key=lambda pair: (pair[1] or 0, pair[0]))
        if each is not None
    ]
    return RegionClassesOut(on=day, cities=cities)


@router.get("/{division_code}")
async def history(division_code: Division, work: Reading) -> CityHistory:
    """一个城市的地区分类沿革 / how a city was classified, and by whom."""
    return await _view(work, division_code)


@router.post("", status_code=201, roles={"province_administrator"})
async def reclassify(body: Reclassified, work: Commanding) -> CityHistory:
    """调整地区类别 / put a city into another class from a day on."""
    command = ReclassifyCity(author=actor(work).staff_code, **body.model_dump())
    await classify_regions.handle(work, command)
    return await _view(work, body.division_code)


async def _view(work: Work, code: str) -> CityHistory:
    known = await region_classes.classification(work, [code])
    entries = [
        ClassEntry(**row, by_policy=False)
        for row in await work.rows(reports.REGION_CHANGES, code=code)
    ]
    for version in await policy.history(work, RegionClasses.policy_name):
        entries.append(_by_policy(version, code))
    entries.sort(key=lambda entry: (entry.effective_on, not entry.by_policy, entry.version))
    if not any(entry.region_class for entry in entries):
        raise NotFound(f"{code} 没有地区分类", f"{code} was never classified")
    now = known.class_on(code, work.today)
    return CityHistory(division_code=code, name=_name(code), region_class=now, history=entries)


def _by_policy(version: policy.Recorded, code: str) -> ClassEntry:
    return ClassEntry(
        effective_on=version.effective_on,
        region_class=parse(RegionClasses, version.body).class_of(code),
        by_policy=True,
        version=version.version,
        author=version.author,
        reason=version.reason,
        recorded_at=version.recorded_at,
    )


def _name(code: str) -> str | None:
    found = divisions(code)
    return None if found is None else found.last_name
