"""A run: one period of one scheme, scored batch by batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from shared.errors import Conflict


class RunComplete(Conflict):
    """There is nothing left to score in the run; start a new one."""

    code = "run-complete"
    title_zh = "评分任务已完成"
    title_en = "The run is complete"


@dataclass(frozen=True)
class Run:
    """How far a run has come. `customers` is how many it set out to see.

    `seen` = `scored` (a new version was recorded) + `unchanged` + `unscored`.
    """

    run_id: UUID
    version: int
    scheme: str
    scheme_version: int
    period: str
    from_on: date | None
    cut_off: date
    state: Literal["running", "complete"]
    started_by: str
    started_on: date
    last_customer_key: UUID | None
    customers: int
    seen: int = 0
    scored: int = 0
    unchanged: int = 0
    unscored: int = 0
    proposed: int = 0


@dataclass(frozen=True)
class Batch:
    """What one batch of a run did; `last_customer_key` None: there was nobody left."""

    last_customer_key: UUID | None
    is_last: bool
    scored: int
    unchanged: int
    unscored: int
    proposed: int


def advance(run: Run, batch: Batch) -> Run:
    """The run after one more batch."""
    return replace(
        run,
        version=run.version + 1,
        state="complete" if batch.is_last else "running",
        last_customer_key=batch.last_customer_key or run.last_customer_key,
        seen=run.seen + batch.scored + batch.unchanged + batch.unscored,
        scored=run.scored + batch.scored,
        unchanged=run.unchanged + batch.unchanged,
        unscored=run.unscored + batch.unscored,
        proposed=run.proposed + batch.proposed,
    )


def require_running(run: Run) -> None:
    """Raise RunComplete unless customers are left."""
    if run.state != "running":
        raise RunComplete("该评分任务已完成，请新建任务", "the run is complete; start a new one")
