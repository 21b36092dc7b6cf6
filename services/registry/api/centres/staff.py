"""Staff: who works where as what. Names are shown to the own unit and those above it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import OnDay
from services.registry.domain.centres.staff import StaffEvent, StaffReport, StaffState
from services.registry.handlers.centres import report_staff
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.storage import reports
from shared.contracts.values import Code, Name
from shared.errors import NotFound
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Role, Router
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work

router = Router(prefix="/v1/staff", tags=["staff"])
_ORDER = Keyset("staff_code text")
StaffCode = Annotated[Code, Path(description="工号 / staff code")]


class StaffIn(OnDay):
    """Somebody who works for `unit` with `roles` from `on` (R-08); several roles are usual."""

    staff_code: Code
    name: Name
    unit: Code
    roles: list[Role] = Field(min_length=1)


class Assignment(OnDay):
    """Another unit or other roles from `on`."""

    unit: Code
    roles: list[Role] = Field(min_length=1)


class Departure(OnDay):
    """`on` is the first day without the person (R-52)."""


class StaffOut(BaseModel):
    """A member of staff as of today."""

    staff_code: str
    name: str
    unit: str
    roles: list[str]
    state: StaffState
    effective_on: date
    version: int


def _member(row: RowMapping) -> StaffOut:
    return StaffOut(**row)


@router.get("")
async def listing(
    work: Reading, page: PageQuery, unit: Code | None = None, role: Role | None = None
) -> Page[StaffOut]:
    """本单位及下属单位人员 / staff of the own unit and those below it, by code."""
    return await page.read(
        work,
        f"SELECT * FROM ({reports.STAFF}) known"
        " WHERE (CAST(:unit AS text) IS NULL OR unit = :unit)"
        " AND (CAST(:role AS text) IS NULL OR :role = ANY (roles))",
        _ORDER,
        _member,
        today=work.today,
        unit=unit,
        role=role,
    )


@router.get("/{staff_code}")
async def one(staff_code: StaffCode, work: Reading) -> StaffOut:
    """一名人员 / one member of staff."""
    return await _view(work, staff_code)


@router.post("", status_code=201, roles={"province_administrator"})
async def join(body: StaffIn, work: Commanding) -> StaffOut:
    """人员入职 / somebody begins to work here."""
    on = business_day(body.on, work.today)
    event = _event(StaffReport.JOINED, on, body.unit, body.roles, body.name)
    await report_staff.handle(work, ReportStaff(body.staff_code, event))
    return await _view(work, body.staff_code)


@router.post("/{staff_code}/assign", roles={"province_administrator"})
async def assign(staff_code: StaffCode, body: Assignment, work: Commanding) -> StaffOut:
    """人员调动 / somebody works for another unit or in other roles."""
    await _view(work, staff_code)
    on = business_day(body.on, work.today)
    event = _event(StaffReport.ASSIGNED, on, body.unit, body.roles, None)
    await report_staff.handle(work, ReportStaff(staff_code, event))
    return await _view(work, staff_code)


@router.post("/{staff_code}/leave", roles={"province_administrator"})
async def leave(staff_code: StaffCode, body: Departure, work: Commanding) -> StaffOut:
    """人员离职 / somebody is gone from that day on; the tokens are refused at once."""
    await _view(work, staff_code)
    event = _event(StaffReport.LEFT, business_day(body.on, work.today), None, [], None)
    await report_staff.handle(work, ReportStaff(staff_code, event))
    return await _view(work, staff_code)


def _event(
    kind: StaffReport, on: date, unit: str | None, roles: list[Role], name: str | None
) -> StaffEvent:
    return StaffEvent(kind, on, "registry", str(new_id()), unit, frozenset(roles), name)


async def _view(work: Work, staff_code: str) -> StaffOut:
    row = await work.row(
        f"SELECT * FROM ({reports.STAFF}) known WHERE staff_code = :code",
        today=work.today,
        code=staff_code,
    )
    if row is None:
        raise NotFound(f"没有工号 {staff_code}", f"there is nobody of the code {staff_code}")
    return _member(row)
