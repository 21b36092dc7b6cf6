"""Open what falls to be done as time passes: new periods, new plans, dated changes."""

from __future__ import annotations

from datetime import date

from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.handlers.obligations import recompute_duties
from services.engagement.storage import policies
from services.engagement.storage.accounts import accounts, horizons
from shared.work import Work

_AT_ONCE = 200


async def handle(work: Work, on: date) -> int:
    """Reach the business date `on`; returns how many customers were looked at.

    The first date ever is where the site begins: complaints from before it are history.
    """
    is_first = await horizons.reached(work) is None
    horizon = await horizons.reach(work, on)
    if is_first:
        await recompute_clocks.history(work, horizon)
    newest = max((plan.version for plan in await policies.cadence_plans(work)), default=None)
    if newest is None:
        return 0
    looked_at = 0
    while customers := await accounts.awake(work, on, newest, _AT_ONCE):
        await recompute_duties.handle(work, customers)
        looked_at += len(customers)
    return looked_at
