"""What follows when proposals are decided: kept, told, and in effect if their day has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.tiering.domain.tiers.proposals import Proposal, is_due, withdraw
from services.tiering.handlers.announcements import tier_proposed
from services.tiering.handlers.tiers import effect_tiers
from services.tiering.storage.tiers import proposals
from shared.work import Work


async def record(work: Work, decided: Sequence[Proposal], on: date) -> None:
    """Save what was decided on the business date `on`, and what comes of it.

    An approval withdraws an earlier one of the same customer and scheme that is not in effect yet:
    otherwise the older decision would take effect after the newer one.
    """
    approved = [each for each in decided if each.state == "approved"]
    awaiting = await proposals.awaiting(work, [(p.customer_key, p.scheme) for p in approved])
    withdrawn = [
        withdraw(each, "后来的决定取代 / replaced by a later decision")
        for each in awaiting.values()
    ]

    await proposals.save(work, [*withdrawn, *decided])
    for proposal in (*withdrawn, *decided):
        work.publish(tier_proposed(proposal, on))
    await effect_tiers.apply(work, [each for each in approved if is_due(each, work.today)], on)
