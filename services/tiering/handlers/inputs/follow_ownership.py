"""Who owns a customer says which city bureau its share is a share of (T-03)."""

from __future__ import annotations

from services.tiering.storage.inputs import owners
from shared.contracts.registry import OwnershipChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[OwnershipChanged]]) -> None:
    """Keep every version of every customer's ownership for its days."""
    await owners.add(
        work,
        [
            (
                fact.data.customer_key,
                fact.data.entity.version,
                fact.data.owner_unit,
                fact.data.effective_on,
            )
            for fact in facts
        ],
    )
