"""tiering's tiers: every version is kept, for whoever asks what a tier may get (B-27)."""

from __future__ import annotations

from services.billing.storage.concessions import tiers
from shared.contracts.tiering import TierChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[TierChanged]]) -> None:
    """Keep every version; on a day the highest holds that is effective by then."""
    await tiers.keep(work, [fact.data for fact in facts])
