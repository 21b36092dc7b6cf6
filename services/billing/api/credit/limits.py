"""Credit limits: proposed by one, decided by another (B-17)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from services.billing.api.models import FINANCE, Command, Reason, one
from services.billing.handlers.credit import propose_limit
from services.billing.handlers.credit.propose_limit import ProposeLimit
from services.billing.storage.credit import reports
from services.billing.storage.credit.limits import UnknownLimit
from shared.contracts.values import Amount, Day
from shared.http import Commanding, Keyset, Page, PageQuery, Reading, Role, Router
from shared.work import Work

router = Router(prefix="/v1/credit/limits", tags=["credit"])
_ORDER = Keyset("proposed_at instant", "proposal_id uuid", descending=True)
_DECIDING: frozenset[Role] = frozenset({"director", "deputy_director", "sales_director"})
_PROPOSING: frozenset[Role] = _DECIDING | FINANCE | {"account_manager"}


class LimitIn(Command):
    """A limit for the customer's head office and all its branches; without amount: no limit."""

    customer_key: UUID
    amount: Annotated[Amount, Field(ge=0)] | None
    reason: Reason
    effective_on: Annotated[
        Day | None, Field(description="生效日，默认今天 / from this day on, today if left out")
    ] = None


class DecisionIn(Command):
    """Why it is approved or refused."""

    reason: Reason


class LimitOut(BaseModel):
    """A limit that was proposed, and what became of it; `limit_version` once it is approved."""

    proposal_id: UUID
    customer_key: UUID
    amount: Amount | None
    effective_on: date
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str
    limit_version: int | None
    decided_by: str | None
    decided_because: str | None
    decided_at: datetime | None
    policy_version: int | None


@router.post("", status_code=201, roles=_PROPOSING)
async def propose(body: LimitIn, work: Commanding) -> LimitOut:
    """申请授信额度 / ask for a limit; somebody else decides."""
    proposal = await propose_limit.handle(work, ProposeLimit(**dict(body)))
    return await _shown(work, proposal.proposal_id)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    is_open: Annotated[bool, Query(description="仅待审批 / only those not decided")] = False,
) -> Page[LimitOut]:
    """授信额度清单 / proposed and decided limits in sight, the latest first."""
    return await page.read(
        work,
        reports.LIMITS,
        _ORDER,
        lambda row: LimitOut(**row),
        proposal_id=None,
        customer_key=customer_key,
        is_open=is_open,
    )


@router.get("/{proposal_id}")
async def shown(proposal_id: UUID, work: Reading) -> LimitOut:
    """一项授信 / one limit."""
    return await _shown(work, proposal_id)


@router.post("/{proposal_id}/approve", roles=_DECIDING)
async def approve(proposal_id: UUID, body: DecisionIn, work: Commanding) -> LimitOut:
    """批准 / approve, within the authority of one's level; never one's own proposal."""
    await propose_limit.decide(work, proposal_id, body.reason, is_approved=True)
    return await _shown(work, proposal_id)


@router.post("/{proposal_id}/refuse", roles=_DECIDING)
async def refuse(proposal_id: UUID, body: DecisionIn, work: Commanding) -> LimitOut:
    """不批准 / refuse; the limit stays as it is."""
    await propose_limit.decide(work, proposal_id, body.reason, is_approved=False)
    return await _shown(work, proposal_id)


async def _shown(work: Work, proposal_id: UUID) -> LimitOut:
    row = await one(
        work,
        reports.LIMITS,
        UnknownLimit,
        proposal_id=proposal_id,
        customer_key=None,
        is_open=False,
    )
    return LimitOut(**row)
