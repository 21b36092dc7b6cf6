"""Centres: who directs them, and which professional bureaus may have one (R-02, R-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from services.registry.api.models import OnDay, Reason, actor
from services.registry.domain.centres.organisation import Level, UnitKind
from services.registry.domain.centres.specialty_centres import Figures, Ground
from services.registry.handlers.centres import decide_specialty_centre, set_up_centre
from services.registry.handlers.centres.decide_specialty_centre import DecideSpecialtyCentre
from services.registry.handlers.centres.set_up_centre import SetUpCentre
from services.registry.storage.centres import reports
from shared.contracts.values import Amount, Code, Label, Year
from shared.directory import scope
from shared.errors import NotFound
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(tags=["centres"])
_UNITS = Keyset("unit text")
_VERSIONS = Keyset("version integer")
_DECISIONS = Keyset("decided_on date", "decision_id uuid", descending=True)
UnitCode = Annotated[Code, Path(description="机构代码 / code of the unit")]
OnQuery = Annotated[date | None, Query(description="截至日期，默认今天 / as of, today if left out")]


class CentreIn(OnDay):
    """Who directs the centre; department and post are the policy's if left out (R-02)."""

    director_staff_code: Code
    department: Label | None = None
    director_post: Label | None = None
    reason: Reason


class CentreOut(BaseModel):
    """A centre as of a day; `has_director` is false once the director has left or moved."""

    unit: str
    name: str
    level: Level
    kind: UnitKind
    department: str
    director_post: str
    director_staff_code: str
    effective_on: date
    has_director: bool
    version: int


class CentreVersion(BaseModel):
    """Who directed a centre from a day on, and who said so."""

    version: int
    department: str
    director_post: str
    director_staff_code: str
    effective_on: date
    reason: str
    set_up_by: str
    policy_version: int
    recorded_at: datetime


class FiguresIn(OnDay):
    """The year before, in yuan net of VAT; the share follows from both amounts (R-06)."""

    year: Year
    specialty_revenue: Amount
    total_revenue: Amount
    operates_directly: bool


class FindingOut(BaseModel):
    """One condition with its limit and what was found."""

    ground: Ground
    limit: str
    found: str
    is_met: bool


class FiguresOut(BaseModel):
    """What the decision was made from."""

    year: int
    specialty_revenue: Amount
    total_revenue: Amount
    operates_directly: bool


class DecisionOut(BaseModel):
    """Whether a professional bureau may have a centre, with every condition."""

    decision_id: UUID
    unit: str
    decided_on: date
    is_granted: bool
    inputs: FiguresOut
    findings: list[FindingOut]
    policy_version: int
    decided_by: str
    recorded_at: datetime


@router.get("/v1/centres")
async def listing(work: Reading, page: PageQuery, on: OnQuery = None) -> Page[CentreOut]:
    """大客户中心列表 / centres of the own unit and those below it, as of a day."""
    return await page.read(
        work, reports.CENTRES, _UNITS, _centre, today=work.today, on=on or work.today
    )


@router.get("/v1/units/{unit}/centre")
async def history(unit: UnitCode, work: Reading, page: PageQuery) -> Page[CentreVersion]:
    """大客户中心沿革 / who directed the centre from when on; nothing is ever deleted."""
    return await page.read(work, reports.CENTRE_HISTORY, _VERSIONS, _version, unit=unit)


@router.post("/v1/units/{unit}/centre", status_code=201, roles={"province_administrator"})
async def set_up(unit: UnitCode, body: CentreIn, work: Commanding) -> CentreOut:
    """设立大客户中心并任命总监 / give a unit's centre its director (R-02)."""
    command = SetUpCentre(unit=unit, by=actor(work), **body.model_dump())
    centre = await set_up_centre.handle(work, command)
    row = await work.row(
        f"SELECT * FROM ({reports.CENTRES}) kept WHERE kept.unit = :unit",
        unit=unit,
        today=work.today,
        on=centre.effective_on,
    )
    if row is None:
        raise NotFound(f"没有机构 {unit}", f"there is no unit {unit} that you may see")
    return _centre(row)


@router.get("/v1/units/{unit}/centre-decisions")
async def decisions(unit: UnitCode, work: Reading, page: PageQuery) -> Page[DecisionOut]:
    """专业局设立中心的决定 / decisions about a bureau's centre, the newest first (R-06)."""
    return await page.read(work, reports.DECISIONS, _DECISIONS, _decision, unit=unit)


@router.post(
    "/v1/units/{unit}/centre-decisions",
    status_code=201,
    roles={"director", "deputy_director", "province_administrator"},
)
async def decide(unit: UnitCode, body: FiguresIn, work: Commanding) -> DecisionOut:
    """判定专业局可否设立中心 / decide whether a bureau may have a centre (R-06)."""
    await scope.require_unit(work, unit)
    figures = Figures(body.year, body.specialty_revenue, body.total_revenue, body.operates_directly)
    command = DecideSpecialtyCentre(unit, actor(work), figures, body.on)
    decided = await decide_specialty_centre.handle(work, command)
    return _decision(await _decided(work, unit, decided.decision_id))


async def _decided(work: Work, unit: str, decision_id: UUID) -> RowMapping:
    row = await work.row(f"{reports.DECISIONS} AND d.decision_id = :id", unit=unit, id=decision_id)
    assert row is not None, "a decision is seen by whoever made it"
    return row


def _centre(row: RowMapping) -> CentreOut:
    return CentreOut(**row)


def _version(row: RowMapping) -> CentreVersion:
    return CentreVersion(**row)


def _decision(row: RowMapping) -> DecisionOut:
    return DecisionOut(**row)
