"""Approve the open proposals of a scoring together (T-30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.tiering.domain.policies import RuleInForce, TierChanges
from services.tiering.domain.scoring.staleness import Change
from services.tiering.domain.tiers.proposals import Proposal, approve
from services.tiering.handlers.scoring.check_freshness import stale
from services.tiering.handlers.tiers.record_decisions import record
from services.tiering.storage.tiers import proposals
from shared import policy
from shared.moments import business_day
from shared.work import Work

PROPOSALS_AT_ONCE = 1000
"""What one command looks at; its answer says where the next one goes on."""


@dataclass(frozen=True)
class ApproveProposals:
    """Approve what a scheme's scoring at `cut_off` proposed; `kinds` empty: of any kind."""

    scheme: str
    cut_off: date
    kinds: Sequence[str]
    by: str
    on: date | None = None
    effective_on: date | None = None
    after: UUID | None = None


@dataclass(frozen=True)
class Approved:
    """What was approved, and what was left open since its score is stale.

    `next_after` is the `after` of the command that goes on; None when none are left.
    """

    approved: Sequence[UUID]
    stale: Sequence[tuple[Proposal, Sequence[Change]]]
    next_after: UUID | None


async def handle(work: Work, command: ApproveProposals) -> Approved:
    """Approve every open proposal that the caller may see and whose score is not stale.

    Raises EffectiveTooEarly, InTheFuture.
    """
    on = business_day(command.on, work.today)
    rules = await policy.in_force(work, TierChanges, on)
    rule = RuleInForce(rules.body.rule_for(command.scheme), rules.version)
    ids = await proposals.open_ids(
        work, command.scheme, command.cut_off, command.kinds, command.after, PROPOSALS_AT_ONCE
    )
    held = await proposals.hold(work, ids)
    undecided = [proposal for proposal in held if proposal.state == "proposed"]

    changed = await stale(work, undecided)
    fresh = [each for each in undecided if each.proposal_id not in changed]
    approved = [approve(each, rule, command.by, on, command.effective_on) for each in fresh]

    await record(work, approved, on)
    return Approved(
        [each.proposal_id for each in approved],
        [(p, changed[p.proposal_id]) for p in undecided if p.proposal_id in changed],
        ids[-1] if len(ids) == PROPOSALS_AT_ONCE else None,
    )
