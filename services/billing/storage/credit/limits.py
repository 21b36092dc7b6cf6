"""Limits as they were proposed and decided; both are only ever added to."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.billing.domain.credit.limits import LimitDecision, LimitProposal
from shared.errors import NotFound
from shared.work import Work

_PROPOSE = """
INSERT INTO credit_limit_proposals
    (proposal_id, customer_key, amount, effective_on, reason, proposed_by, recorded_at)
VALUES (:proposal_id, :customer_key, :amount, :effective_on, :reason, :proposed_by, :recorded_at)
"""
_DECIDE = """
INSERT INTO credit_limit_decisions (proposal_id, customer_key, is_approved, limit_version, amount,
    effective_on, reason, decided_by, policy_version, recorded_at)
VALUES (:proposal_id, :customer_key, :is_approved, :limit_version, :amount, :effective_on, :reason,
    :decided_by, :policy_version, :recorded_at)
"""
_PAGE = """
SELECT decided.*, CAST(decided.recorded_at AT TIME ZONE :zone AS date) AS decided_on,
    asked.effective_on AS asked_for_on, asked.reason AS asked_because, asked.proposed_by
FROM credit_limit_decisions decided
JOIN credit_limit_proposals asked ON asked.proposal_id = decided.proposal_id
WHERE decided.is_approved AND decided.proposal_id > :after
ORDER BY decided.proposal_id LIMIT :size
"""


class UnknownLimit(NotFound):
    """No such proposal, or none that the caller may know of."""

    code = "unknown-credit-limit"
    title_zh = "没有此授信申请"
    title_en = "No such proposed limit"


async def add_proposal(work: Work, proposal: LimitProposal) -> None:
    """Keep what somebody asks for."""
    await work.run(
        _PROPOSE,
        {
            "proposal_id": proposal.proposal_id,
            "customer_key": proposal.customer_key,
            "amount": proposal.amount,
            "effective_on": proposal.effective_on,
            "reason": proposal.reason,
            "proposed_by": proposal.proposed_by,
            "recorded_at": work.now,
        },
    )


async def proposal(work: Work, proposal_id: UUID) -> LimitProposal:
    """What was proposed. Raises UnknownLimit."""
    row = await work.row(
        "SELECT proposal_id, customer_key, amount, effective_on, reason, proposed_by"
        " FROM credit_limit_proposals WHERE proposal_id = :id",
        id=proposal_id,
    )
    if row is None:
        raise UnknownLimit(
            f"没有授信申请 {proposal_id}", f"there is no proposed limit {proposal_id}"
        )
    return LimitProposal(**row)


async def is_decided(work: Work, proposal_id: UUID) -> bool:
    """Whether somebody approved or refused it. The group's lock is held."""
    return bool(
        await work.value(
            "SELECT EXISTS (SELECT FROM credit_limit_decisions WHERE proposal_id = :id)",
            id=proposal_id,
        )
    )


async def last_version(work: Work, customer_key: UUID) -> int:
    """How many limits of the head office were approved. The group's lock is held."""
    value = await work.value(
        "SELECT coalesce(max(limit_version), 0) FROM credit_limit_decisions"
        " WHERE customer_key = :key AND is_approved",
        key=customer_key,
    )
    return int(value)


async def add_decision(work: Work, decision: LimitDecision) -> None:
    """Keep what became of a proposal."""
    await work.run(
        _DECIDE,
        {
            "proposal_id": decision.proposal.proposal_id,
            "customer_key": decision.proposal.customer_key,
            "is_approved": decision.is_approved,
            "limit_version": decision.limit_version,
            "amount": decision.proposal.amount,
            "effective_on": decision.effective_on,
            "reason": decision.reason,
            "decided_by": decision.decided_by,
            "policy_version": decision.policy_version,
            "recorded_at": work.now,
        },
    )


async def page(work: Work, after: UUID | None, size: int) -> list[tuple[LimitDecision, date]]:
    """The next approved limits in order of their proposals, each with the day of the decision."""
    rows = await work.rows(_PAGE, after=after or UUID(int=0), size=size, zone=str(work.zone))
    return [
        (
            LimitDecision(
                proposal=LimitProposal(
                    *(row["proposal_id"], row["customer_key"], row["amount"]),
                    *(row["asked_for_on"], row["asked_because"], row["proposed_by"]),
                ),
                is_approved=True,
                limit_version=row["limit_version"],
                effective_on=row["effective_on"],
                reason=row["reason"],
                decided_by=row["decided_by"],
                policy_version=row["policy_version"],
            ),
            row["decided_on"],
        )
        for row in rows
    ]
