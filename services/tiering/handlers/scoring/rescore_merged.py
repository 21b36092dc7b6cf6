"""Every day: who was merged, or is itself again, is scored anew (R-81, T-30)."""

from __future__ import annotations

from datetime import date

from services.tiering.handlers.scoring import run_scores
from services.tiering.storage.inputs import merges
from shared.directory import identities
from shared.work import Work


async def handle(work: Work, on: date) -> int:
    """Score whoever is another customer since the last sweep; return how many scores changed.

    The last period of every scheme in which any of them was scored is scored again: a survivor
    with the revenue of both, one that is itself again with its own. What was proposed for a
    customer that is part of another is stale meanwhile, and nobody approves it. A tier in effect
    stays until another is decided.
    """
    concerned = await merges.claim(work)
    if not concerned:
        return 0
    groups = await identities.members(work, concerned)
    everybody = sorted({key for members in groups.values() for key in members})
    scored = 0
    for scheme, cut_off in await merges.last_periods(work, everybody):
        scored += await run_scores.score_again(work, scheme, cut_off, list(groups), on)
    return scored
