"""What speaks for each party of a dispute, as registry knows it at this moment (R-37)."""

from __future__ import annotations

from services.registry.domain.cases.disputes import Dispute
from services.registry.domain.cases.evidence import Weight, weigh
from services.registry.storage.cases import disputes, evidence
from services.registry.storage.centres import organisation
from shared.work import Work


async def handle(work: Work, dispute: Dispute) -> list[Weight]:
    """Bring the evidence of the dispute up to date and weigh it, party by party.

    Of places that no register knows nothing can be said, so they speak for nobody.
    """
    collected = await evidence.collect(work, dispute.customer_key)
    await disputes.add_evidence(work, dispute, collected, None)
    places = {piece.unit for piece in collected}
    units = await organisation.lineage(work, [*dispute.parties, *places])
    return weigh(dispute.parties, units, [each for each in collected if units.knows(each.unit)])
