"""Approve the tier that a score gives (T-30)."""

from __future__ import annotations

from services.tiering.domain.tiers.proposals import Proposal, approve
from services.tiering.handlers.tiers.deciding import Decision, load, require_fresh
from services.tiering.handlers.tiers.record_decisions import record
from services.tiering.storage.tiers import proposals
from shared.work import Work


async def handle(work: Work, decision: Decision) -> Proposal:
    """Approve the proposal; its tier takes effect at once if its day has come.

    Raises NotFound, OutOfScope, StaleVersion, ProposalNotOpen, StaleScore, EffectiveTooEarly.
    """
    proposal, on, rule = await load(work, decision)
    await require_fresh(work, proposal)

    approved = approve(proposal, rule, decision.by, on, decision.effective_on)
    await record(work, [approved], on)
    return await proposals.one(work, decision.proposal_id)
