"""Compensation for a complaint: proposed by one person, approved by another (E-37)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid


class ApprovedByProposer(Forbidden):
    """Who proposed a compensation may not approve it."""

    code = "compensation-approved-by-proposer"
    rule = "E-37"
    title_zh = "提出人不得审批"
    title_en = "Approved by its proposer"


class AlreadyApproved(Conflict):
    """A compensation is approved once."""

    code = "compensation-already-approved"
    rule = "E-37"
    title_zh = "已审批"
    title_en = "Already approved"


class NobodyToCompensate(Invalid):
    """A case without a customer has nobody to compensate."""

    code = "compensation-without-customer"
    rule = "E-37"
    title_zh = "该投诉没有客户"
    title_en = "The case has no customer"


@dataclass(frozen=True)
class Compensation:
    """A sum (yuan, positive) for the customer of a case."""

    compensation_id: UUID
    complaint_id: UUID
    customer_key: UUID
    amount: Decimal
    proposed_by: str
    approved_by: str | None = None
    version: int = 1


def propose(
    compensation_id: UUID,
    complaint_id: UUID,
    customer_key: UUID | None,
    amount: Decimal,
    proposed_by: str,
) -> Compensation:
    """A proposal. Raises NobodyToCompensate for a case without a customer, Invalid for no money."""
    if customer_key is None:
        raise NobodyToCompensate(
            "该投诉未关联客户，无法赔偿", "the case has no customer who could be compensated"
        )
    if amount <= 0:
        raise Invalid("赔偿金额须大于零", "a compensation is more than nothing", pointer="/amount")
    return Compensation(compensation_id, complaint_id, customer_key, amount, proposed_by)


def approve(compensation: Compensation, approved_by: str) -> Compensation:
    """The approved compensation. Raises ApprovedByProposer and AlreadyApproved."""
    if compensation.approved_by is not None:
        raise AlreadyApproved(
            f"已由 {compensation.approved_by} 审批",
            f"approved by {compensation.approved_by} already",
        )
    if approved_by == compensation.proposed_by:
        raise ApprovedByProposer(
            f"{approved_by} 是提出人，须由他人审批",
            f"{approved_by} proposed it; somebody else has to approve",
            proposed_by=compensation.proposed_by,
        )
    return replace(compensation, approved_by=approved_by, version=compensation.version + 1)
