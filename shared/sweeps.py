"""What falls due by time: once per business date, in order, on whichever replica comes first.

A service lists its sweeps in sweeps.py. Each pair of sweep and date is one transaction, together
with the row that remembers it, so a date is performed once and never forgotten. What may concern
a million things is done in portions, each its own transaction; the date is done with the last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared import metrics
from shared.clock import business_date
from shared.logs import get_logger

if TYPE_CHECKING:
    from shared.work import Work, Works

_DAY = timedelta(days=1)
_ANOTHER_REPLICA_WORKS_SECONDS = 0.2
_LOOK_EVERY_SECONDS = 30.0
_LONGEST_PAUSE_SECONDS = 600.0

log = get_logger(__name__)

Handler = Callable[["Work", date], Awaitable[int]]
"""Performs one business date; returns how many things fell due. `work.today` is that date."""


@dataclass(frozen=True, slots=True)
class Portion:
    """How many things of a portion fell due, and the last key it reached; None: that was all."""

    due: int
    reached: UUID | None


PortionHandler = Callable[["Work", date, UUID | None], Awaitable[Portion]]
"""Performs the portion of a business date that lies behind a key, from the first when None.

A portion that is done already must find nothing due: after a crash, and beside another replica, a
date begins once more with its first portion.
"""


@dataclass(frozen=True)
class Sweep:
    """One thing that falls due, and the handler that finds it."""

    name: str
    portion: PortionHandler

    async def handler(self, work: Work, on: date) -> int:
        """Perform all portions of a date in one transaction; returns how many things fell due."""
        return await at_once(self.portion, work, on)


@dataclass(frozen=True)
class Performed:
    """One business date of one sweep, done; or, on the way, as much of it as `due` says."""

    sweep: str
    on: date
    due: int
    is_whole: bool = True


class Sweeps:
    """A service's sweeps; within one business date they are performed in this order."""

    def __init__(self, *sweeps: Sweep) -> None:
        names = [sweep.name for sweep in sweeps]
        if len(set(names)) != len(names):
            raise ValueError(f"a sweep is listed twice: {names}")
        self._sweeps = sweeps

    def __iter__(self) -> Iterator[Sweep]:
        return iter(self._sweeps)

    def __len__(self) -> int:
        return len(self._sweeps)


def daily(name: str, handler: Handler) -> Sweep:
    """A sweep that is performed once for every business date. `name` is kept for ever."""

    async def whole(work: Work, on: date, after: UUID | None) -> Portion:
        return Portion(await handler(work, on), None)

    return Sweep(name, whole)


def daily_in_portions(name: str, handler: PortionHandler) -> Sweep:
    """A daily sweep over so many things that each portion of them is a transaction of its own."""
    return Sweep(name, handler)


async def at_once(handler: PortionHandler, work: Work, on: date) -> int:
    """Perform all portions of a date in one transaction; returns how many things fell due."""
    portion = await handler(work, on, None)
    due = portion.due
    while portion.reached is not None:
        portion = await handler(work, on, portion.reached)
        due += portion.due
    return due


async def perform(
    works: Works,
    sweeps: Sweeps,
    until: date,
    since: date | None = None,
    report: Callable[[Performed], None] | None = None,
) -> list[Performed]:
    """Perform every business date that was missed, up to `until`, date by date.

    A sweep that has never run starts on `since` (or on `until` itself); for any other the dates
    after its last one are performed, whatever `since` says, since none may be left out or done
    twice. Dates that other replicas perform meanwhile are waited for and not returned. What a
    handler raises ends the run; the dates before stay done. `report` hears of every date, and of
    every portion of a long one.
    """
    last_on = await _start(works, sweeps, until, (since or until) - _DAY)
    done: list[Performed] = []
    on = min(last_on.values(), default=until) + _DAY
    while on <= until:
        for sweep in sweeps:
            if last_on[sweep.name] >= on:
                continue
            performed = await _perform_when_free(works, sweep, on, report or _log)
            if performed is not None:
                done.append(performed)
                if report is not None:
                    report(performed)
            metrics.SWEEP_LAG.labels(works.service, sweep.name).set((until - on).days)
        on += _DAY
    return done


async def keep_up(works: Works, sweeps: Sweeps, stop: asyncio.Event) -> None:
    """Perform what falls due, by the clock and the site's time zone, until `stop` is set.

    This is what a worker does with SWEEPS=auto. A date that fails is logged, counted and tried
    again with growing patience; the dates after it wait, since order matters.
    """
    pause: float = _LOOK_EVERY_SECONDS
    while not stop.is_set():
        today = business_date(works.clock.now(), works.zone)
        try:
            await report_lag(works, sweeps, today)
            await perform(works, sweeps, today)
            pause = _LOOK_EVERY_SECONDS
        except Exception:  # whatever it is, the lanes and the relay go on without the sweeps
            log.exception("sweep failed", again_in_seconds=pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def report_lag(works: Works, sweeps: Sweeps, until: date) -> None:
    """Set the metric of how many business dates each sweep has still to perform."""
    async with works.begin(today=until) as work:
        progress = await _progress(work)
    for sweep in sweeps:
        last_on = progress.get(sweep.name, until - _DAY)
        metrics.SWEEP_LAG.labels(works.service, sweep.name).set(max((until - last_on).days, 0))


async def _start(works: Works, sweeps: Sweeps, until: date, before: date) -> dict[str, date]:
    async with works.begin(today=until) as work:
        for sweep in sorted(sweeps, key=lambda sweep: sweep.name):
            await work.run(
                "INSERT INTO kit.sweep_progress (name, last_on) VALUES (:name, :before)"
                " ON CONFLICT (name) DO NOTHING",
                {"name": sweep.name, "before": before},
            )
        progress = await _progress(work)
    return {sweep.name: progress[sweep.name] for sweep in sweeps}


async def _progress(work: Work) -> dict[str, date]:
    rows = await work.rows("SELECT name, last_on FROM kit.sweep_progress")
    return {row["name"]: row["last_on"] for row in rows}


async def _perform_when_free(
    works: Works, sweep: Sweep, on: date, report: Callable[[Performed], None]
) -> Performed | None:
    """Perform one date; None when another replica did. Returns only once the date is done."""
    due, after = 0, None
    while True:
        async with works.begin(today=on) as work:
            # A replica that waited for the lock would keep a connection busy for nothing, so a
            # locked row is skipped and looked at again.
            row = await work.row(
                "SELECT last_on FROM kit.sweep_progress WHERE name = :name FOR UPDATE SKIP LOCKED",
                name=sweep.name,
            )
            if row is not None and row["last_on"] >= on:
                return None
            portion = None if row is None else await _perform_portion(sweep, work, on, after)
        if portion is None:
            await asyncio.sleep(_ANOTHER_REPLICA_WORKS_SECONDS)
            continue
        due, after = due + portion.due, portion.reached
        if after is None:
            return Performed(sweep.name, on, due)
        report(Performed(sweep.name, on, due, is_whole=False))


async def _perform_portion(sweep: Sweep, work: Work, on: date, after: UUID | None) -> Portion:
    # From the eleventh portion on a prepared statement would be planned for any bounds, as if only
    # few rows lay between them.
    await work.run("SET LOCAL plan_cache_mode = force_custom_plan")
    try:
        with metrics.SWEEP_SECONDS.labels(work.service, sweep.name).time():
            portion = await sweep.portion(work, on, after)
    except BaseException:
        metrics.SWEEP_FAILURES.labels(work.service, sweep.name).inc()
        raise
    if portion.reached is None:
        await work.run(
            "UPDATE kit.sweep_progress SET last_on = :on WHERE name = :name",
            {"on": on, "name": sweep.name},
        )
    metrics.SWEEP_DUE.labels(work.service, sweep.name).inc(portion.due)
    return portion


def _log(performed: Performed) -> None:
    log.info("sweep goes on", sweep=performed.sweep, on=str(performed.on), due=performed.due)
