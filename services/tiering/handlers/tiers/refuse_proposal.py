"""Leave a tier as it is although the score gives another (T-30)."""

from __future__ import annotations

from services.tiering.domain.tiers.proposals import Proposal, refuse
from services.tiering.handlers.tiers.deciding import Decision, load
from services.tiering.handlers.tiers.record_decisions import record
from services.tiering.storage.tiers import proposals
from shared.work import Work


async def handle(work: Work, decision: Decision, reason: str) -> Proposal:
    """Refuse the proposal; the same score is not proposed again.

    Raises NotFound, OutOfScope, StaleVersion, ProposalNotOpen.
    """
    proposal, on, _ = await load(work, decision)

    await record(work, [refuse(proposal, decision.by, on, reason)], on)
    return await proposals.one(work, decision.proposal_id)
