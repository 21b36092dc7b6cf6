"""Customers became one, or two again: the next sweep looks at their scores again (R-81)."""

from __future__ import annotations

from services.tiering.storage.inputs import merges
from shared.contracts.registry import CustomerIdentityChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[CustomerIdentityChanged]]) -> None:
    """Note who is concerned. Totals need nothing: they are resolved whenever they are read."""
    told = [fact.data for fact in facts]
    await merges.add(
        work,
        {(each.customer_key, each.survivor) for each in told if each.survivor is not None},
        {each.customer_key for each in told if each.survivor is None},
    )
