"""A limit for a head office and its branches: proposed by one, decided by another (B-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.billing.domain.credit import limits as domain
from services.billing.domain.credit.limits import (
    CreditLimits,
    LimitDecided,
    LimitDecision,
    LimitProposal,
)
from services.billing.handlers.credit import watch_exposure
from services.billing.handlers.credit.credit_facts import limit_changed
from services.billing.storage.credit import groups, limits
from services.billing.storage.receivables import customer_books
from shared import policy
from shared.directory import customers, scope, units
from shared.identifiers import new_id
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ProposeLimit:
    """`amount` yuan from `effective_on` on (today, if left out); None: no limit."""

    customer_key: UUID
    amount: Decimal | None
    reason: str
    effective_on: date | None = None


async def handle(work: Work, command: ProposeLimit) -> LimitProposal:
    """Ask for a limit of the customer's group.

    Raises UnapprovedCustomer (R-20), OutOfScope for whoever does not see the head office's money,
    InvalidLimit.
    """
    await customers.require_developed(work, command.customer_key)
    await scope.require(work, command.customer_key, "money")
    head = (await groups.groups_of(work, [command.customer_key]))[command.customer_key]
    await scope.require(work, head, "money")

    proposal = domain.propose(
        LimitProposal(
            proposal_id=new_id(),
            customer_key=head,
            amount=command.amount,
            effective_on=command.effective_on or work.today,
            reason=command.reason,
            proposed_by=work.person.staff_code,
        ),
        work.today,
    )

    await limits.add_proposal(work, proposal)
    return proposal


async def decide(work: Work, proposal_id: UUID, reason: str, *, is_approved: bool) -> LimitDecision:
    """Approve a proposed limit, or refuse it.

    Raises UnknownLimit, OutOfScope, LimitDecided, OwnLimitProposal, BeyondAuthority.
    """
    proposal = await limits.proposal(work, proposal_id)
    await scope.require(work, proposal.customer_key, "money")
    await customer_books.lock(work, [proposal.customer_key])
    if await limits.is_decided(work, proposal_id):
        raise LimitDecided("该申请已审批", "somebody has decided on it")

    decision = await _decided(work, proposal, reason, is_approved=is_approved)

    await limits.add_decision(work, decision)
    if decision.is_approved:
        work.publish(limit_changed(decision, work.today, work.currency))
        await watch_exposure.watch(work, [proposal.customer_key])
    return decision


async def _decided(
    work: Work, proposal: LimitProposal, reason: str, *, is_approved: bool
) -> LimitDecision:
    if not is_approved:
        return domain.refuse(proposal, work.person.staff_code, reason)
    in_force = await policy.in_force(work, CreditLimits, work.today)
    return domain.approve(
        proposal,
        by=work.person.staff_code,
        level=await units.level_of(work, work.person.unit),
        reason=reason,
        today=work.today,
        last_version=await limits.last_version(work, proposal.customer_key),
        policy=(in_force.body, in_force.version),
    )
