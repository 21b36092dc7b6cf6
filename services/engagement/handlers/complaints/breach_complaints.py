"""Decide which limits of complaints passed unkept, and let the cases climb (E-39)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from services.engagement.domain.complaints.clocks import Breach, breaches, level_of
from services.engagement.domain.complaints.complaints import escalate
from services.engagement.handlers.complaints import case_announcements, recompute_clocks
from services.engagement.storage.complaints import breaches as decisions
from services.engagement.storage.complaints import complaint_steps, complaints, limits
from services.engagement.storage.complaints.breaches import DecidedBreach
from services.engagement.storage.complaints.case_rows import KeptCase
from services.engagement.storage.complaints.complaint_steps import CaseStep
from services.engagement.storage.complaints.limits import CaseLimits, start_of
from shared.work import Work

_AT_ONCE = 200


async def handle(work: Work, on: date) -> int:
    """Decide by the midnight with which `on` begins; returns how many limits were breached.

    Nothing is decided on a calendar that is provisional.
    """
    by = start_of(on, work.zone)
    overdue = sorted(await complaints.overdue(work, by, await limits.highest_level(work)))
    breached = 0
    for start in range(0, len(overdue), _AT_ONCE):
        cases = await complaints.load(work, overdue[start : start + _AT_ONCE])
        breached += await _decide(work, cases, on, by)
    return breached


async def _decide(work: Work, cases: Sequence[KeptCase], on: date, by: datetime) -> int:
    known = await limits.load(work, (kept.case.customer_key for kept in cases))
    decided = await decisions.of_cases(work, [kept.case.complaint_id for kept in cases])
    count = 0
    for kept in cases:
        holds = known.of(kept.case)
        if holds is None:
            continue
        climbed = await _climb(work, kept, holds, by)
        about = decided.get(kept.case.complaint_id, {})
        found = breaches(kept.case, kept.clocks, about, by)
        taken = [_decision(breach, climbed, holds, on) for breach in found]
        await decisions.add(work, taken)
        for breach in taken:
            work.publish(case_announcements.complaint_breached(breach, climbed))
        count += len(taken)
    return count


async def _climb(work: Work, kept: KeptCase, holds: CaseLimits, by: datetime) -> KeptCase:
    """The case on the level that its unkept limits have brought it to by now."""
    levels = holds.levels.body
    level = level_of(kept.case, levels, kept.clocks, by, holds.reckon)
    if level <= kept.case.level:
        return kept
    case = escalate(kept.case, level, len(levels.levels))
    step = CaseStep(case.complaint_id, "escalated", by, None, case.unit, level)
    await complaint_steps.add(work, [step])
    (climbed,) = await recompute_clocks.handle(work, [replace(kept, case=case)])
    return climbed


def _decision(breach: Breach, kept: KeptCase, holds: CaseLimits, on: date) -> DecidedBreach:
    clock = breach.clock
    limit = holds.levels.body.limit(clock.stage, kept.case.kind, holds.tier)
    assert limit is not None, "a clock has a limit"
    return DecidedBreach(
        complaint_id=breach.complaint_id,
        round=clock.round,
        stage=clock.stage,
        version=1,
        is_withdrawn=False,
        as_of=on,
        due_at=clock.due_at,
        level=kept.case.level,
        unit=kept.case.unit,
        levels_version=holds.levels.version,
        inputs={
            "round": clock.round,
            "kind": kept.case.kind,
            "tier": holds.tier,
            "limit": [limit.amount, limit.unit.value],
            "started_at": clock.started_at.isoformat(),
            "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
        },
    )
