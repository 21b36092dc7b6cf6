"""Decide another tier than the score gives, with a reason (T-29)."""

from __future__ import annotations

from services.tiering.domain.tiers.proposals import Override, Proposal, override
from services.tiering.handlers.tiers.deciding import Decision, load, require_fresh
from services.tiering.handlers.tiers.record_decisions import record
from services.tiering.storage.schemes import schemes
from services.tiering.storage.tiers import proposals
from shared.work import Work


async def handle(work: Work, decision: Decision, tier: str | None, reason: str) -> Proposal:
    """Let a person's tier (None: no tier) take the place of the score's, which stays as it is.

    Raises NotFound, OutOfScope, StaleVersion, ProposalNotOpen, StaleScore, EffectiveTooEarly,
    UnknownTier, NothingOverridden.
    """
    proposal, on, rule = await load(work, decision)
    await require_fresh(work, proposal)
    version = await schemes.one(work, proposal.scheme, proposal.scheme_version)

    decided = Override(tier, decision.by, reason)
    overridden = override(proposal, version.scheme, rule, decided, on, decision.effective_on)
    await proposals.add_override(work, overridden)
    await record(work, [overridden], on)
    return await proposals.one(work, decision.proposal_id)
