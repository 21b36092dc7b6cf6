"""Framework contracts of registry: what a customer has bound itself to (B-22)."""

from __future__ import annotations

from services.billing.storage.credit import contracts
from shared.contracts.registry import ContractSigned
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[ContractSigned]]) -> None:
    """Keep the newest version of every contract."""
    await contracts.keep(work, facts)
