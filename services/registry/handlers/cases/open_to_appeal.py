"""Rulings about a customer that a party may still appeal against (R-42)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.registry.domain.cases.appeals import is_open_to_appeal
from services.registry.domain.cases.disputes import DisputeRules, DisputeState
from services.registry.storage.cases import disputes, rulings
from services.registry.storage.centres import organisation
from shared.policy import in_force
from shared.work import Work


async def handle(work: Work, customer_key: UUID, on: date) -> list[UUID]:
    """The rulings that do not stand for good on that day, by the rules of their own day."""
    known = await disputes.of_customer(work, customer_key)
    found = []
    for dispute in known:
        if dispute.state is not DisputeState.RULED:
            continue
        ruling = await rulings.appealed(work, dispute)
        rules = await in_force(work, DisputeRules, ruling.ruled_on)
        units = await organisation.lineage(work, [dispute.ruling_unit])
        if is_open_to_appeal(dispute, ruling, known, units, rules.body, on):
            found.append(ruling.ruling_id)
    return found
