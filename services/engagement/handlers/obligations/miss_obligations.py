"""Decide what was missed: obligations that were due before the business date and are unmet."""

from __future__ import annotations

from datetime import date

from services.engagement.domain.obligations.obligations import is_overdue, miss
from services.engagement.handlers import announcements
from services.engagement.storage.accounts import accounts
from services.engagement.storage.obligations import obligations
from shared.work import Work

_AT_ONCE = 200


async def handle(work: Work, on: date) -> int:
    """Decide and publish, with what the decision saw; returns how many were missed (E-02, E-04)."""
    missed = 0
    while customers := await obligations.customers_overdue(work, on, _AT_ONCE):
        locked = list(await accounts.lock(work, customers))
        kept = await obligations.kept(work, locked)
        overdue = [
            miss(obligation)
            for of_customer in kept.values()
            for obligation in of_customer
            if is_overdue(obligation, on)
        ]
        await obligations.save(work, overdue, on)
        await obligations.decide_missed(work, overdue, on)
        for obligation in overdue:
            work.publish(announcements.obligation_changed(obligation, on))
        missed += len(overdue)
    return missed
