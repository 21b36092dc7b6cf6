"""Appeals, withdrawals and settlements of disputes (R-37, R-42)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.registry.api.cases.disputes import DisputeDetail, view
from services.registry.api.models import (
    RESPONSIBLE,
    OnDay,
    Reason,
    ShareOf,
    TermsIn,
    actor,
    part_of_no_other,
    shares,
)
from services.registry.handlers.cases import appeal_ruling, end_dispute
from services.registry.handlers.cases.appeal_ruling import AppealRuling
from services.registry.handlers.cases.end_dispute import (
    AcceptSettlement,
    ProposeSettlement,
    WithdrawClaim,
)
from services.registry.storage.cases import reports
from shared.contracts.values import Amount
from shared.http import Commanding, Reading, Router
from shared.work import Work

router = Router(prefix="/v1/disputes/{dispute_id}", tags=["disputes"])


class AppealIn(OnDay):
    """What the party says against the ruling."""

    statement: Reason


class SettlementIn(TermsIn):
    """What the party would agree to."""

    statement: Reason


class SettlementOut(BaseModel):
    """A proposal and the parties that have accepted it; only the newest counts."""

    settlement_id: UUID
    sequence: int
    proposed_for: str
    proposed_by: str
    proposed_on: date
    owner_unit: str
    base: list[ShareOf]
    increment: list[ShareOf]
    base_amount: Amount | None
    effective_on: date
    statement: str
    accepted: list[str]


class PositionOut(BaseModel):
    """A party: what it has submitted, and whether it claims no more."""

    unit: str
    statements: int
    has_withdrawn: bool


@router.post("/appeal", status_code=201, roles=RESPONSIBLE)
async def appeal(dispute_id: UUID, body: AppealIn, work: Commanding) -> DisputeDetail:
    """申诉 / appeal against the ruling; answers with the new case (R-42)."""
    await part_of_no_other(work, (await view(work, dispute_id)).customer_key)
    command = AppealRuling(dispute_id, actor(work), body.statement, body.on)
    case = await appeal_ruling.handle(work, command)
    return await view(work, case.dispute_id)


@router.post("/withdraw", roles=RESPONSIBLE)
async def withdraw(dispute_id: UUID, body: OnDay, work: Commanding) -> DisputeDetail:
    """撤回主张 / give up the own claim or appeal (R-37)."""
    await view(work, dispute_id)
    await end_dispute.withdraw(work, WithdrawClaim(dispute_id, actor(work), body.on))
    return await view(work, dispute_id)


@router.post("/settlements", status_code=201, roles=RESPONSIBLE)
async def propose(dispute_id: UUID, body: SettlementIn, work: Commanding) -> SettlementOut:
    """提出和解方案 / propose to agree; it holds once every party accepts (R-37)."""
    await view(work, dispute_id)
    command = ProposeSettlement(
        dispute_id=dispute_id,
        by=actor(work),
        base=shares(body.base),
        increment=shares(body.increment),
        base_amount=body.base_amount,
        **body.model_dump(exclude={"base", "increment", "base_amount"}),
    )
    await end_dispute.propose(work, command)
    return (await _settlements(work, dispute_id))[-1]


@router.get("/settlements")
async def settlements(dispute_id: UUID, work: Reading) -> list[SettlementOut]:
    """和解方案 / what was proposed, and who accepted."""
    await view(work, dispute_id)
    return await _settlements(work, dispute_id)


@router.post("/settlements/{settlement_id}/accept", roles=RESPONSIBLE)
async def accept(
    dispute_id: UUID, settlement_id: UUID, body: OnDay, work: Commanding
) -> DisputeDetail:
    """接受和解 / accept the newest proposal for the own party (R-37)."""
    await view(work, dispute_id)
    command = AcceptSettlement(dispute_id, settlement_id, actor(work), body.on)
    await end_dispute.accept(work, command)
    return await view(work, dispute_id)


@router.get("/parties")
async def parties(dispute_id: UUID, work: Reading) -> list[PositionOut]:
    """当事单位 / the parties and what each has submitted."""
    await view(work, dispute_id)
    rows = await work.rows(reports.POSITIONS, id=dispute_id)
    return [PositionOut(**row) for row in rows]


async def _settlements(work: Work, dispute_id: UUID) -> list[SettlementOut]:
    rows = await work.rows(f"{reports.SETTLEMENTS} ORDER BY s.sequence", id=dispute_id)
    return [SettlementOut(**row) for row in rows]
