"""Proposed tiers: approve, override, refuse; one by one or a whole scoring."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.tiering.api.models import ChangeOut, Command, Reason
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.handlers.tiers import (
    approve_proposal,
    approve_proposals,
    override_proposal,
    refuse_proposal,
)
from services.tiering.handlers.tiers.approve_proposals import ApproveProposals
from services.tiering.handlers.tiers.deciding import Decision
from services.tiering.storage.scoring import score_reports
from services.tiering.storage.tiers import proposals
from shared.contracts.values import Day, Word
from shared.http import Commanding, IfMatch, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/proposals", tags=["proposals"])

WHO_DECIDES: set[Role] = {"deputy_director", "director", "market_department"}
Kind = Literal["first", "promotion", "demotion", "redefined"]
State = Literal["proposed", "approved", "refused", "withdrawn"]


class Approval(Command):
    """`on` is the business date (today), `effective_on` the day the tier holds from (by policy)."""

    on: Day | None = None
    effective_on: Day | None = None


class OverrideIn(Approval):
    """The tier that a person decides instead of the score's; null: no tier."""

    tier: Word | None
    reason: Reason


class RefusalIn(Command):
    """Why the tier stays as it is."""

    reason: Reason
    on: Day | None = None


class BulkApproval(Approval):
    """Which open proposals: of one scheme and cut-off, of `kinds` (empty: all), after `after`."""

    scheme: Word
    cut_off: Day
    kinds: Annotated[tuple[Kind, ...], Field(max_length=4)] = ()
    after: UUID | None = None


class OverrideOut(BaseModel):
    """What a person decided instead of the score."""

    tier: str | None
    by: str
    reason: str


class ProposalOut(BaseModel):
    """A proposed change of tier. `after` is what the score gives; `override` a person's tier."""

    proposal_id: UUID
    version: int
    customer_key: UUID
    scheme: str
    scheme_version: int
    score_id: UUID
    score_version: int
    period: str
    cut_off: date
    kind: str
    before: str | None
    after: str | None
    state: State
    proposed_on: date
    decided_by: str | None
    decided_on: date | None
    reason: str | None
    effective_on: date | None
    effected_on: date | None
    override: OverrideOut | None


class StaleProposal(BaseModel):
    """A proposal that stays open: its score is stale."""

    proposal_id: UUID
    customer_key: UUID
    changes: list[ChangeOut]


class BulkApproved(BaseModel):
    """What was approved and what was not; go on with `next_after` as `after` while it is there."""

    approved: list[UUID]
    stale: list[StaleProposal]
    next_after: UUID | None


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    scheme: str | None = None,
    cut_off: Day | None = None,
    state: State | None = None,
    kind: Kind | None = None,
    customer_key: UUID | None = None,
) -> Page[ProposalOut]:
    """等级建议 / proposals"""
    found = await score_reports.proposals(
        work,
        page,
        scheme=scheme,
        cut_off=cut_off,
        state=state,
        kind=kind,
        customer_key=customer_key,
    )
    return Page(items=[_shown(p) for p in found.items], next_page_token=found.next_page_token)


@router.get("/{proposal_id}")
async def one(proposal_id: UUID, work: Reading) -> ProposalOut:
    """一项建议 / one proposal"""
    return _shown(await proposals.one(work, proposal_id))


@router.post("/approve", roles=WHO_DECIDES)
async def approve_all(body: BulkApproval, work: Commanding) -> BulkApproved:
    """批量批准；过时者保持待定 / approve a scoring's proposals; stale ones stay open"""
    command = ApproveProposals(
        scheme=body.scheme,
        cut_off=body.cut_off,
        kinds=body.kinds,
        by=work.person.staff_code,
        on=body.on,
        effective_on=body.effective_on,
        after=body.after,
    )
    result = await approve_proposals.handle(work, command)
    return BulkApproved(
        approved=list(result.approved),
        stale=[
            StaleProposal(
                proposal_id=proposal.proposal_id,
                customer_key=proposal.customer_key,
                changes=[ChangeOut(**vars(change)) for change in changes],
            )
            for proposal, changes in result.stale
        ],
        next_after=result.next_after,
    )


@router.post("/{proposal_id}/approve", idempotent=False, roles=WHO_DECIDES)
async def approve(
    proposal_id: UUID, body: Approval, expected: IfMatch, work: Commanding
) -> ProposalOut:
    """批准评分给出的等级 / approve the tier that the score gives"""
    decision = _decision(work, proposal_id, expected, body.on, body.effective_on)
    return _shown(await approve_proposal.handle(work, decision))


@router.post("/{proposal_id}/override", idempotent=False, roles=WHO_DECIDES)
async def override(
    proposal_id: UUID, body: OverrideIn, expected: IfMatch, work: Commanding
) -> ProposalOut:
    """改定等级并说明理由 / decide another tier, with the reason"""
    decision = _decision(work, proposal_id, expected, body.on, body.effective_on)
    return _shown(await override_proposal.handle(work, decision, body.tier, body.reason))


@router.post("/{proposal_id}/refuse", idempotent=False, roles=WHO_DECIDES)
async def refuse(
    proposal_id: UUID, body: RefusalIn, expected: IfMatch, work: Commanding
) -> ProposalOut:
    """不予变更 / leave the tier as it is"""
    decision = _decision(work, proposal_id, expected, body.on, None)
    return _shown(await refuse_proposal.handle(work, decision, body.reason))


def _decision(
    work: Work, proposal_id: UUID, expected: int, on: date | None, effective_on: date | None
) -> Decision:
    return Decision(proposal_id, expected, work.person.staff_code, on, effective_on)


def _shown(proposal: Proposal) -> ProposalOut:
    values = vars(proposal) | {"override": vars(proposal.override) if proposal.override else None}
    return ProposalOut.model_validate(values)
