"""Recompute the clocks of cases from all facts about them; publish only what differs (E-39)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from services.engagement.domain.complaints.clocks import clocks, in_order, review
from services.engagement.domain.obligations.duties import Horizon
from services.engagement.handlers.complaints import case_announcements
from services.engagement.storage.accounts import horizons
from services.engagement.storage.complaints import breaches, complaints, limits
from services.engagement.storage.complaints.breaches import DecidedBreach
from services.engagement.storage.complaints.case_rows import KeptCase
from services.engagement.storage.complaints.limits import Limits, start_of
from shared.clock import business_date
from shared.work import Work

_AT_ONCE = 500


async def of_customers(work: Work, customer_keys: Iterable[UUID]) -> None:
    """Renew the clocks of all cases of these customers."""
    await _renew(work, await complaints.of_customers(work, sorted(set(customer_keys))))


async def provisional(work: Work) -> int:
    """Renew cases whose limits hung on a calendar not announced; returns how many there were."""
    cases = await complaints.with_provisional_clocks(work)
    await _renew(work, cases)
    return len(cases)


async def history(work: Work, horizon: Horizon) -> None:
    """Mark as history what was opened before duties were kept: it raises no deadlines."""
    begun_at = start_of(horizon.begun_on, work.zone)
    await _renew(work, await complaints.opened_before(work, begun_at))


async def handle(
    work: Work, changed: Sequence[KeptCase], words: Sequence[str] | None = None
) -> list[KeptCase]:
    """Keep changed cases, which are locked or new, with the clocks that follow; publish them.

    `words` are what customers said, of new cases alone. A breach that what is known now
    contradicts is withdrawn beside.
    """
    known = await limits.load(work, (kept.case.customer_key for kept in changed))
    horizon = await horizons.reached(work)
    renewed = [replace(_timed(kept, known, horizon), version=kept.version + 1) for kept in changed]
    if words is not None:
        await complaints.add(work, renewed, words)
    else:
        await complaints.save(work, renewed)
    for kept in renewed:
        work.publish(case_announcements.complaint_changed(kept))
    await _review(work, renewed, horizon)
    return renewed


async def _renew(work: Work, complaint_ids: Sequence[UUID]) -> None:
    for start in range(0, len(complaint_ids), _AT_ONCE):
        kept = await complaints.load(work, sorted(complaint_ids)[start : start + _AT_ONCE])
        known = await limits.load(work, (each.case.customer_key for each in kept))
        horizon = await horizons.reached(work)
        changed = [each for each in kept if _timed(each, known, horizon) != each]
        if changed:
            await handle(work, changed)


def _timed(kept: KeptCase, known: Limits, horizon: Horizon | None) -> KeptCase:
    opened_on = business_date(kept.case.opened_at, known.zone)
    is_history = horizon is not None and opened_on < horizon.begun_on
    case = replace(kept.case, is_imported=kept.case.is_imported or is_history)
    holds = known.of(case)
    if holds is None:
        return replace(kept, case=case, clocks=(), tier=None, levels_version=None)
    running = clocks(case, holds.levels.body, holds.tier, holds.reckon)
    return replace(
        kept,
        case=case,
        clocks=in_order(running),
        tier=holds.tier,
        levels_version=holds.levels.version,
    )


async def _review(work: Work, cases: Sequence[KeptCase], horizon: Horizon | None) -> None:
    if horizon is None:
        return
    decided = await breaches.of_cases(work, [kept.case.complaint_id for kept in cases])
    by = start_of(horizon.reached_on, work.zone)
    for kept in cases:
        about = decided.get(kept.case.complaint_id, {})
        found = review(kept.clocks, {key: not b.is_withdrawn for key, b in about.items()}, by)
        revised = [
            _next(about[key], horizon, is_withdrawn=key in found.withdrawn)
            for key in (*found.withdrawn, *found.reinstated)
        ]
        await breaches.add(work, revised)
        for breach in revised:
            work.publish(case_announcements.complaint_breached(breach, kept))


def _next(breach: DecidedBreach, horizon: Horizon, *, is_withdrawn: bool) -> DecidedBreach:
    return replace(
        breach,
        version=breach.version + 1,
        is_withdrawn=is_withdrawn,
        as_of=horizon.reached_on,
    )
