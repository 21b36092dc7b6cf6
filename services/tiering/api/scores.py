"""Scores: run a period, follow its progress, read a score with its explanation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from services.tiering.api.models import ChangeOut, Command
from services.tiering.domain.scoring.runs import Run
from services.tiering.handlers.scoring import run_scores
from services.tiering.handlers.scoring.run_scores import StartRun
from services.tiering.storage.scoring import runs, score_reports, scores, staleness
from shared.contracts.values import Day, Word
from shared.http import Commanding, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/scores", tags=["scores"])

WHO_SCORES: set[Role] = {
    "customer_administrator",
    "deputy_director",
    "director",
    "market_department",
    "province_administrator",
}


class RunScores(Command):
    """Score a period: `period` is a year ("2025") or a month ("2025-06"), `cut_off` its last day
    counted. One of the two may be left out."""

    scheme: Word
    period: Annotated[str, Field(pattern=r"^[12][0-9]{3}(-(0[1-9]|1[0-2]))?$")] | None = None
    cut_off: Day | None = None
    on: Annotated[Day | None, Field(description="业务日期，默认今天 / business date")] = None


class RunOut(BaseModel):
    """How far a run has come; go on with POST …/batches while it is running."""

    run_id: UUID
    version: int
    scheme: str
    scheme_version: int
    period: str
    cut_off: date
    state: str
    started_by: str
    started_on: date
    customers: int
    seen: int
    scored: int
    unchanged: int
    unscored: int
    proposed: int


class UnscoredOut(BaseModel):
    """Who could not be scored, and why."""

    customer_key: UUID
    reason: str
    detail: dict[str, Any]


class ScoreOut(BaseModel):
    """A score as lists show it; `is_stale` when something was noticed to have changed since."""

    score_id: UUID
    version: int
    customer_key: UUID
    scheme: str
    scheme_version: int
    period: str
    cut_off: date
    raw: str
    shown: str
    tier: str | None
    is_above_range: bool
    is_stale: bool
    scored_on: date


class ScoreDetail(ScoreOut):
    """A score with its explanation as stored, and what was noticed to have changed since."""

    explanation: dict[str, Any]
    changes: list[ChangeOut]


@router.post("/runs", status_code=201, roles=WHO_SCORES)
async def start(body: RunScores, work: Commanding) -> RunOut:
    """对一个周期评分 / score a period for all customers that you may see"""
    wish = StartRun(body.scheme, body.period, body.cut_off, body.on, work.person.staff_code)
    return _run(await run_scores.start(work, wish))


@router.post("/runs/{run_id}/batches", status_code=201, roles=WHO_SCORES)
async def proceed(run_id: UUID, work: Commanding) -> RunOut:
    """评下一批 / score the next batch of a run"""
    return _run(await run_scores.proceed(work, run_id))


@router.get("/runs")
async def list_runs(work: Reading, page: PageQuery, scheme: str | None = None) -> Page[RunOut]:
    """评分任务 / runs, the latest first"""
    found = await score_reports.score_runs(work, page, scheme=scheme)
    return Page(items=[_run(run) for run in found.items], next_page_token=found.next_page_token)


@router.get("/runs/{run_id}")
async def one_run(run_id: UUID, work: Reading) -> RunOut:
    """任务进度 / progress of a run"""
    return _run(await runs.one(work, run_id))


@router.get("/runs/{run_id}/unscored")
async def list_unscored(run_id: UUID, work: Reading, page: PageQuery) -> Page[UnscoredOut]:
    """未能评分的客户及原因 / who could not be scored, and why"""
    return await score_reports.unscored(work, page, UnscoredOut, run_id)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    scheme: str | None = None,
    cut_off: Day | None = None,
    period: str | None = None,
    tier: str | None = None,
    customer_key: UUID | None = None,
) -> Page[ScoreOut]:
    """评分列表（最新版本）/ scores in their newest versions"""
    return await score_reports.scores(
        work,
        page,
        ScoreOut,
        scheme=scheme,
        cut_off=cut_off,
        period=period,
        tier=tier,
        customer_key=customer_key,
    )


@router.get("/{score_id}")
async def one(
    score_id: UUID,
    work: Reading,
    score_version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> ScoreDetail:
    """一个评分及其说明 / a score with its explanation, as it was stored"""
    score = await scores.one(work, score_id, score_version)
    changes = await staleness.noticed(work, score.score_id, score.version)
    return ScoreDetail(
        score_id=score.score_id,
        version=score.version,
        customer_key=score.customer_key,
        scheme=score.scheme,
        scheme_version=score.scheme_version,
        period=score.period,
        cut_off=score.cut_off,
        raw=f"{score.raw:f}",
        shown=f"{score.shown:f}",
        tier=score.tier,
        is_above_range=score.is_above_range,
        is_stale=bool(changes),
        scored_on=score.scored_on,
        explanation=score.explanation,
        changes=[ChangeOut(**vars(change)) for change in changes],
    )


def _run(run: Run) -> RunOut:
    return RunOut.model_validate(vars(run))
