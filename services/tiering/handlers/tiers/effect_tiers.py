"""Approved proposals take effect on their day: the tier changes, the others hear of it (T-30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.tiering.domain.policies import GoverningSchemes
from services.tiering.domain.schemes.schemes import Scheme
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.domain.tiers.tiers import Tier, effect
from services.tiering.handlers.announcements import tier_changed
from services.tiering.storage.schemes import schemes
from services.tiering.storage.tiers import proposals, tiers
from shared import policy
from shared.policy import Timeline
from shared.work import Work

_AT_ONCE = 500


async def handle(work: Work, on: date) -> int:
    """Let every approved proposal take effect whose day has come by `on`; return how many."""
    effected = 0
    while due := await proposals.due(work, on, _AT_ONCE):
        await apply(work, due, on)
        effected += len(due)
    return effected


async def apply(work: Work, due: Sequence[Proposal], on: date) -> None:
    """Change the tiers that `due` decides; each proposal is locked and its day has come.

    `on` is the business date on which that happens.
    """
    if not due:
        return
    present = await tiers.newest(work, [(each.customer_key, each.scheme) for each in due])
    bodies = await _bodies(work, due)
    governing = await policy.timeline(work, GoverningSchemes)

    effected: list[Proposal] = []
    changed: list[Tier] = []
    for proposal in due:
        scheme = bodies[proposal.scheme, proposal.scheme_version]
        held = present.get((proposal.customer_key, proposal.scheme))
        after, tier = effect(proposal, held, scheme, _governs(governing, proposal), on)
        effected.append(after)
        if tier is not None:
            present[proposal.customer_key, proposal.scheme] = tier
            changed.append(tier)

    await proposals.save(work, effected)
    await tiers.add(work, changed)
    for tier in changed:
        work.publish(tier_changed(tier))


async def _bodies(work: Work, due: Sequence[Proposal]) -> dict[tuple[str, int], Scheme]:
    named = sorted({(proposal.scheme, proposal.scheme_version) for proposal in due})
    return {pair: (await schemes.one(work, *pair)).scheme for pair in named}


def _governs(governing: Timeline[GoverningSchemes], proposal: Proposal) -> tuple[str, ...]:
    """What the scheme decides on the tier's first day; where no policy says so, nothing."""
    assert proposal.effective_on is not None
    if not any(version.effective_on <= proposal.effective_on for version in governing.versions):
        return ()
    return governing.on(proposal.effective_on).body.governed_by(proposal.scheme)
