"""Misuse of customers' data: colleagues report, inquirers decide from the catalogue (R-77)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.archive.refused import note_refused
from services.registry.api.models import OnDay, Reason, actor, in_sight
from services.registry.domain.conduct.misuse import CaseState
from services.registry.handlers.conduct import pursue_misuse, report_misuse
from services.registry.handlers.conduct.pursue_misuse import DecideMisuse, PursueMisuse
from services.registry.handlers.conduct.report_misuse import ReportMisuse
from services.registry.storage.conduct import misuse, reports
from shared.contracts.values import Code, Word
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/misuse-cases", tags=["conduct"], note_refused=note_refused)
_ORDER = Keyset("reported_on date", "case_id uuid", descending=True)
_STEPS = Keyset("version integer")
_INQUIRERS: frozenset[Role] = frozenset(
    {"auditor", "director", "deputy_director", "sales_director", "province_administrator"}
)
"""Who may be an inquirer at all; which of them is one the policy says."""


class ReportIn(OnDay):
    """Who is said to have done what; who reports is sealed and shown to few."""

    subject_staff_code: Code
    kind: Word
    occurred_on: date
    statement: Reason
    customer_key: UUID | None = None


class Receipt(BaseModel):
    """What whoever reported can follow: how far the case has come, not what came out."""

    case_id: UUID
    kind: str
    occurred_on: date
    reported_on: date
    state: CaseState


class Step(OnDay):
    """Why the case goes on."""

    note: Reason


class Finding(Step):
    """What was found: a grade with penalties of its catalogue, or no grade and no penalty."""

    grade: Word | None = None
    penalties: list[Word] = Field(default=[], max_length=20)


class CaseOut(BaseModel):
    """A case as it stands."""

    case_id: UUID
    subject_staff_code: str
    subject_unit: str
    kind: str
    occurred_on: date
    reported_on: date
    customer_key: UUID | None
    state: CaseState
    grade: str | None
    penalties: list[str]
    version: int


class StepOut(BaseModel):
    """A step of a case; the first is the report and names nobody."""

    version: int
    state: CaseState
    on: date
    by: str | None
    note: str
    grade: str | None
    penalties: list[str]
    policy_version: int
    recorded_at: datetime


class ReporterOut(BaseModel):
    """Who reported."""

    case_id: UUID
    staff_code: str


@router.post("", status_code=201)
async def report(body: ReportIn, work: Commanding) -> Receipt:
    """举报违规 / report a misuse; any member of staff may, about anybody."""
    if body.customer_key is not None:
        await in_sight(work, body.customer_key)
    case = await report_misuse.handle(work, ReportMisuse(by=actor(work), **body.model_dump()))
    return Receipt(
        case_id=case.case_id,
        kind=case.kind,
        occurred_on=case.occurred_on,
        reported_on=case.reported_on,
        state=case.state,
    )


@router.get("/reported", audited=True)
async def reported(work: Commanding, page: PageQuery) -> Page[Receipt]:
    """我的举报 / the own reports, and how far they have come."""
    mine = misuse.marks(work, actor(work).staff_code)
    return await page.read(work, reports.REPORTED_BY_ME, _ORDER, _receipt, marks=mine)


@router.get("", roles=_INQUIRERS)
async def listing(work: Reading, page: PageQuery, state: CaseState | None = None) -> Page[CaseOut]:
    """违规案件 / cases at the own unit and below it, never the own."""
    return await page.read(
        work,
        f"{reports.CASES} AND (CAST(:state AS text) IS NULL OR m.state = :state)",
        _ORDER,
        _case,
        me=actor(work).staff_code,
        state=state and state.value,
    )


@router.get("/{case_id}", roles=_INQUIRERS)
async def one(case_id: UUID, work: Reading) -> CaseOut:
    """一件案件 / one case."""
    return await _view(work, case_id)


@router.get("/{case_id}/steps", roles=_INQUIRERS)
async def steps(case_id: UUID, work: Reading, page: PageQuery) -> Page[StepOut]:
    """处理过程 / the way of a case; nothing is ever deleted."""
    await _view(work, case_id)
    me = actor(work).staff_code
    return await page.read(work, reports.STEPS, _STEPS, _step, id=case_id, me=me)


@router.get("/{case_id}/reporter", roles=_INQUIRERS, audited=True)
async def reporter(
    case_id: UUID,
    work: Commanding,
    purpose: Annotated[str, Query(min_length=1, max_length=300, description="用途 / what for")],
) -> ReporterOut:
    """举报人 / who reported, for the few whom the policy names; the look is logged."""
    await _view(work, case_id)
    code = await pursue_misuse.learn_reporter(work, case_id, actor(work), purpose)
    return ReporterOut(case_id=case_id, staff_code=code)


@router.post("/{case_id}/inquire", roles=_INQUIRERS)
async def inquire(
    case_id: UUID, body: Step, expected_version: IfMatch, work: Commanding
) -> CaseOut:
    """立案调查 / begin the inquiry."""
    await pursue_misuse.inquire(work, await _step_of(work, case_id, body, expected_version))
    return await _view(work, case_id)


@router.post("/{case_id}/decide", roles=_INQUIRERS)
async def decide(
    case_id: UUID, body: Finding, expected_version: IfMatch, work: Commanding
) -> CaseOut:
    """作出处理决定 / decide: grade and penalties, or nothing found."""
    step = await _step_of(work, case_id, body, expected_version)
    await pursue_misuse.decide(work, DecideMisuse(step, body.grade, body.penalties))
    return await _view(work, case_id)


@router.post("/{case_id}/close", roles=_INQUIRERS)
async def close(case_id: UUID, body: Step, expected_version: IfMatch, work: Commanding) -> CaseOut:
    """结案 / close the case once it is done."""
    await pursue_misuse.close(work, await _step_of(work, case_id, body, expected_version))
    return await _view(work, case_id)


async def _step_of(work: Work, case_id: UUID, body: Step, expected_version: int) -> PursueMisuse:
    await _view(work, case_id)
    return PursueMisuse(case_id, actor(work), expected_version, body.note, body.on)


async def _view(work: Work, case_id: UUID) -> CaseOut:
    row = await work.row(
        f"{reports.CASES} AND m.case_id = :id", id=case_id, me=actor(work).staff_code
    )
    if row is None:
        raise misuse.unknown(case_id)
    return _case(row)


def _case(row: RowMapping) -> CaseOut:
    return CaseOut(**row)


def _step(row: RowMapping) -> StepOut:
    return StepOut(**row)


def _receipt(row: RowMapping) -> Receipt:
    return Receipt(**row)
