"""What every decision about one proposal begins with: the proposal, the day, the rule (T-30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.tiering.domain.policies import RuleInForce, TierChanges
from services.tiering.domain.scoring.staleness import Change
from services.tiering.domain.tiers.proposals import Proposal, StaleScore
from services.tiering.handlers.scoring.check_freshness import stale
from services.tiering.storage.tiers import proposals
from shared import policy
from shared.directory import scope
from shared.errors import NotFound
from shared.http import require_version
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True)
class Decision:
    """Who decides which version of which proposal, on which business date (None: today).

    `effective_on` None: the day that the policy says.
    """

    proposal_id: UUID
    expected_version: int
    by: str
    on: date | None = None
    effective_on: date | None = None


async def load(work: Work, decision: Decision) -> tuple[Proposal, date, RuleInForce]:
    """The proposal (locked), the business date, and the rule for its scheme on that day.

    Raises NotFound, OutOfScope, StaleVersion, InTheFuture.
    """
    on = business_day(decision.on, work.today)
    held = await proposals.hold(work, [decision.proposal_id])
    if not held:
        raise NotFound(
            f"没有建议 {decision.proposal_id}", f"there is no proposal {decision.proposal_id}"
        )
    proposal = held[0]
    await scope.require(work, proposal.customer_key, "base")
    require_version(decision.expected_version, proposal.version)
    rules = await policy.in_force(work, TierChanges, on)
    return proposal, on, RuleInForce(rules.body.rule_for(proposal.scheme), rules.version)


async def require_fresh(work: Work, proposal: Proposal) -> None:
    """Raise StaleScore when what the score was made from has changed since.

    One that is decided already is let through: that is the better reason to refuse it.
    """
    changes = (await stale(work, [proposal])).get(proposal.proposal_id)
    if proposal.state == "proposed" and changes:
        raise stale_score(changes)


def stale_score(changes: Sequence[Change]) -> StaleScore:
    """The refusal that says what has changed since the score."""
    whats = ", ".join(change.what for change in changes)
    return StaleScore(
        f"评分之后数据有变（{whats}），请重新评分后再处理",
        f"the inputs have changed since ({whats}); score the period again",
        changes=[
            {"what": change.what, "before": change.before, "now": change.now} for change in changes
        ],
    )
