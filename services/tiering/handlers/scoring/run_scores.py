"""Score a period for all customers: started on demand or by a policy date, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.tiering.domain.periods import period_before, period_ending, period_of
from services.tiering.domain.policies import RuleInForce, ScoringCalendar, TierChanges
from services.tiering.domain.schemes.scheme_versions import SchemeVersion
from services.tiering.domain.scoring.assessment import Occasion
from services.tiering.domain.scoring.runs import Run, advance, require_running
from services.tiering.handlers.schemes import adopt_schemes
from services.tiering.handlers.scoring import score_customers
from services.tiering.storage.schemes import schemes
from services.tiering.storage.schemes.schemes import NoActiveScheme
from services.tiering.storage.scoring import runs
from shared import policy
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import NoPolicyInForce
from shared.work import Work

CUSTOMERS_PER_BATCH = 500
"""Each batch is one transaction: large enough to be set-based, small enough to answer a request."""


@dataclass(frozen=True)
class StartRun:
    """A wish to score `scheme` over a period, as of the business date `on` (None: today).

    `period` is a year or a month by the scheme's window, `cut_off` the last day counted; one of
    the two may be left out. `by` is a staff code.
    """

    scheme: str
    period: str | None
    cut_off: date | None
    on: date | None
    by: str


async def start(work: Work, wish: StartRun) -> Run:
    """Begin a run and score its first batch. Raises NoActiveScheme, InvalidPeriod, InTheFuture.

    The version of the scheme is the one that is active on the cut-off.
    """
    on = business_day(wish.on, work.today)
    await adopt_schemes.handle(work, on)
    version = await schemes.active_on(work, wish.scheme, wish.cut_off or on)
    days = period_of(version.scheme.window, wish.period, wish.cut_off, on)
    version = await schemes.active_on(work, wish.scheme, days.cut_off)
    run = await _begin(work, version, days.cut_off, on, wish.by)
    return await _score_batch(work, run, version)


async def proceed(work: Work, run_id: UUID) -> Run:
    """Score the next batch of a run. Raises NotFound, RunComplete."""
    run = await runs.hold(work, run_id)
    require_running(run)
    version = await schemes.one(work, run.scheme, run.scheme_version)
    return await _score_batch(work, run, version)


async def due(work: Work, on: date) -> int:
    """Score the last full period of every scheme whose day `on` is; return how many scores.

    Without the policy `scoring-calendar` there is no such day. A scheme that was not active when
    the period ended has nothing to score it by: its first period is still to come.
    """
    try:
        calendar = await policy.in_force(work, ScoringCalendar, on)
    except NoPolicyInForce:
        return 0
    return sum([await _score_due(work, name, on) for name in calendar.body.due_on(on)])


async def _score_due(work: Work, scheme: str, on: date) -> int:
    try:
        version = await schemes.active_on(work, scheme, on)
        cut_off = period_before(version.scheme.window, on).cut_off
        version = await schemes.active_on(work, scheme, cut_off)
    except NoActiveScheme:
        return 0
    run = await _begin(work, version, cut_off, on, "sweep")
    while run.state == "running":
        run = await _score_batch(work, run, version)
    return run.scored


async def score_again(
    work: Work, scheme: str, cut_off: date, customer_keys: Sequence[UUID], on: date
) -> int:
    """Score some customers of a period anew, as a run of their own; return how many changed.

    Nothing where no scheme was active on the cut-off.
    """
    try:
        version = await schemes.active_on(work, scheme, cut_off)
    except NoActiveScheme:
        return 0
    begun = await _begin(work, version, cut_off, on, "sweep")
    keys = await runs.those_in(work, version.scheme.states, customer_keys)
    run = replace(begun, customers=len(keys))
    await schemes.lock(work, scheme)
    occasion = await _occasion(work, run, version)
    batch = await score_customers.handle(work, occasion, keys, is_last=True)
    await runs.save(work, advance(run, batch))
    return batch.scored


async def _begin(work: Work, version: SchemeVersion, cut_off: date, on: date, by: str) -> Run:
    days = period_ending(version.scheme.window, cut_off)
    return Run(
        run_id=new_id(),
        version=0,
        scheme=version.scheme.name,
        scheme_version=version.scheme_version,
        period=days.name,
        from_on=days.from_on,
        cut_off=days.cut_off,
        state="running",
        started_by=by,
        started_on=on,
        last_customer_key=None,
        customers=await runs.population(work, version.scheme.states),
    )


async def _score_batch(work: Work, run: Run, version: SchemeVersion) -> Run:
    # Runs of one scheme take turns, so that no two record the same version of a score.
    await schemes.lock(work, run.scheme)
    occasion = await _occasion(work, run, version)
    customer_keys = await runs.next_customers(
        work, version.scheme.states, run.last_customer_key, CUSTOMERS_PER_BATCH
    )
    is_last = len(customer_keys) < CUSTOMERS_PER_BATCH
    batch = await score_customers.handle(work, occasion, customer_keys, is_last)
    advanced = advance(run, batch)
    await runs.save(work, advanced)
    return advanced


async def _occasion(work: Work, run: Run, version: SchemeVersion) -> Occasion:
    rules = await policy.in_force(work, TierChanges, run.started_on)
    return Occasion(
        run_id=run.run_id,
        scheme=version.scheme,
        scheme_version=version.scheme_version,
        period=period_ending(version.scheme.window, run.cut_off),
        rule=RuleInForce(rules.body.rule_for(run.scheme), rules.version),
        on=run.started_on,
    )
