"""Disputes whose deadline has passed without a ruling are told to everybody concerned (R-37)."""

from __future__ import annotations

from datetime import date

from services.registry.domain.cases.disputes import DisputeRules, overdue
from services.registry.handlers.cases.publishing import dispute_overdue, tell_of
from services.registry.storage.cases import disputes
from shared.policy import in_force
from shared.work import Work


async def handle(work: Work, on: date) -> int:
    """Sweep: mark open disputes that were due before `on`, once each; returns how many."""
    late = await disputes.hold_overdue(work, on)
    if not late:
        return 0
    policy = await in_force(work, DisputeRules, on)
    marked = [overdue(dispute, on) for dispute in late]
    await disputes.mark_overdue(work, marked)
    await tell_of(work, *(dispute_overdue(each, policy.reference) for each in marked))
    return len(marked)
