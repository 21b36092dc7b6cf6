"""Disputes: opened, evidenced and ruled by the next higher centre (R-37)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import (
    DECIDING,
    RESPONSIBLE,
    OnDay,
    Reason,
    ShareOf,
    TermsIn,
    actor,
    part_of_no_other,
    shares,
)
from services.registry.domain.cases.disputes import DisputeCause, DisputeState
from services.registry.domain.cases.evidence import EvidenceKind
from services.registry.handlers.cases import open_dispute, rule_dispute
from services.registry.handlers.cases.evidence import submit_evidence
from services.registry.handlers.cases.evidence.submit_evidence import SubmitEvidence
from services.registry.handlers.cases.open_dispute import OpenDispute
from services.registry.handlers.cases.rule_dispute import RuleDispute
from services.registry.storage import reports
from services.registry.storage.cases.disputes import UnknownDispute
from shared.contracts.values import Amount, Code
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/disputes", tags=["disputes"])
_ORDER = Keyset("opened_on date", "dispute_id uuid", descending=True)
_PIECES = Keyset("kind text", "source_id text")


class DisputeIn(OnDay):
    """A claim on a customer; the owner is always a party."""

    customer_key: UUID
    claimants: list[Code] = Field(min_length=1, max_length=50)
    statement: Reason


class StatementIn(OnDay):
    """What a party puts before the dispute."""

    statement: Reason


class RulingIn(TermsIn):
    """A ruling."""

    reason: Reason


class WeightOut(BaseModel):
    """What spoke for a party; revenue in yuan."""

    unit: str
    first_declared_on: date | None
    contracts: int
    visits: int
    revenue: Amount


class RulingOut(BaseModel):
    """How a dispute was ruled or settled, with what spoke for each party."""

    ruling_id: UUID
    owner_unit: str
    base: list[ShareOf]
    increment: list[ShareOf]
    base_amount: Amount | None
    effective_on: date
    ruled_on: date
    ruled_by: str
    kind: str
    supersedes: UUID | None
    delegation_id: UUID | None
    reason: str
    weights: list[WeightOut]


class DisputeOut(BaseModel):
    """A dispute as it stands."""

    dispute_id: UUID
    customer_key: UUID
    parties: list[str]
    ruling_unit: str
    cause: DisputeCause
    opened_on: date
    opened_by: str | None
    due_on: date
    is_overdue: bool
    state: DisputeState
    ruled_on: date | None
    opened_for: str | None
    appeal_of: UUID | None
    overdue_on: date | None
    withdrawn: list[str]
    closed_on: date | None
    version: int


class DisputeDetail(DisputeOut):
    """A dispute with its ruling, once there is one."""

    ruling: RulingOut | None


class EvidenceOut(BaseModel):
    """One piece of evidence: visits and revenue are summed by place; amounts in yuan."""

    kind: EvidenceKind
    source_id: str
    unit: str
    occurred_on: date
    count: int
    amount: Amount | None
    statement: str | None
    recorded_at: datetime


@router.post("", status_code=201, roles=RESPONSIBLE)
async def open_(body: DisputeIn, work: Commanding) -> DisputeDetail:
    """提出归属争议 / open a dispute; the next higher centre rules."""
    await part_of_no_other(work, body.customer_key)
    command = OpenDispute(by=actor(work), **body.model_dump())
    dispute = await open_dispute.handle(work, command)
    return await view(work, dispute.dispute_id)


@router.get("")
async def listing(
    work: Reading,
    page: PageQuery,
    state: DisputeState | None = None,
    customer_key: UUID | None = None,
) -> Page[DisputeOut]:
    """争议列表 / disputes of which the own unit is a party or the judge, the newest first."""
    return await page.read(
        work,
        f"{reports.DISPUTES} AND (CAST(:state AS text) IS NULL OR d.state = :state)"
        " AND (CAST(:key AS uuid) IS NULL OR d.customer_key = :key)",
        _ORDER,
        _dispute,
        today=work.today,
        state=state and state.value,
        key=customer_key,
    )


@router.get("/{dispute_id}")
async def one(dispute_id: UUID, work: Reading) -> DisputeDetail:
    """一件争议 / one dispute, with its ruling."""
    return await view(work, dispute_id)


@router.get("/{dispute_id}/evidence")
async def evidence(dispute_id: UUID, work: Reading, page: PageQuery) -> Page[EvidenceOut]:
    """争议证据 / what was put before the dispute: never another party's archive."""
    await view(work, dispute_id)
    return await page.read(work, reports.EVIDENCE, _PIECES, _piece, id=dispute_id)


@router.post("/{dispute_id}/evidence", roles=RESPONSIBLE)
async def submit(dispute_id: UUID, body: StatementIn, work: Commanding) -> DisputeDetail:
    """提交证据 / put a statement before the dispute; what registry knows is collected anew."""
    await view(work, dispute_id)
    command = SubmitEvidence(dispute_id, actor(work), body.statement, body.on)
    await submit_evidence.handle(work, command)
    return await view(work, dispute_id)


@router.post("/{dispute_id}/rule", roles=DECIDING)
async def rule(
    dispute_id: UUID, body: RulingIn, expected_version: IfMatch, work: Commanding
) -> DisputeDetail:
    """裁决 / rule: owner and split from a day on; earlier revenue is restated."""
    await view(work, dispute_id)
    command = RuleDispute(
        dispute_id=dispute_id,
        by=actor(work),
        expected_version=expected_version,
        base=shares(body.base),
        increment=shares(body.increment),
        base_amount=body.base_amount,
        **body.model_dump(exclude={"base", "increment", "base_amount"}),
    )
    await rule_dispute.handle(work, command)
    return await view(work, dispute_id)


def _dispute(row: RowMapping) -> DisputeOut:
    return DisputeOut(**row)


def _piece(row: RowMapping) -> EvidenceOut:
    return EvidenceOut(**row)


async def view(work: Work, dispute_id: UUID) -> DisputeDetail:
    row = await work.row(
        f"{reports.DISPUTES} AND d.dispute_id = :id", id=dispute_id, today=work.today
    )
    if row is None:
        raise UnknownDispute(
            f"没有争议 {dispute_id}", f"there is no dispute {dispute_id} that you may see"
        )
    ruled = await work.row(reports.RULING, id=dispute_id)
    return DisputeDetail(**row, ruling=RulingOut(**ruled) if ruled else None)
