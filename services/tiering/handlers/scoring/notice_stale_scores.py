"""Every day: which undecided proposals rest on scores that have gone stale (T-30)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.tiering.handlers.scoring.check_freshness import stale
from services.tiering.storage.scoring import staleness
from services.tiering.storage.tiers import proposals
from shared.work import Work

_AT_ONCE = 500


async def handle(work: Work, on: date) -> int:
    """Mark what is stale among the scores of open proposals; return how many are.

    The marks are for readers. An approval looks again for itself and does not trust them.
    """
    found = 0
    last: UUID | None = None
    while page := await proposals.open_after(work, last, _AT_ONCE):
        changed = await stale(work, page)
        await staleness.replace(
            work,
            {(each.score_id, each.score_version): each.customer_key for each in page},
            {
                (each.score_id, each.score_version): changed[each.proposal_id]
                for each in page
                if each.proposal_id in changed
            },
            on,
        )
        found += len(changed)
        last = page[-1].proposal_id
    return found
