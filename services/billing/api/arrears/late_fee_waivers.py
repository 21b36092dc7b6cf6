"""Waivers of late fees: what was proposed, and what becomes of it (B-15)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from services.billing.api.models import FINANCE, Command, OnDay, Positive, Reason, one
from services.billing.domain.arrears.waivers import WaiverState
from services.billing.handlers.arrears import waive_late_fee
from services.billing.handlers.arrears.waive_late_fee import DecideWaiver
from services.billing.storage.arrears import reports
from services.billing.storage.arrears.waivers import UnknownWaiver
from shared.contracts.values import Amount
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/late-fee-waivers", tags=["late fees"])
_ORDER = Keyset("proposed_on date", "waiver_id uuid", descending=True)
_DECIDING: frozenset[Role] = FINANCE | {"director", "deputy_director", "sales_director"}


class WaiverDecision(StrEnum):
    """What is done about a waiver."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


_STATES = {
    WaiverDecision.APPROVE: WaiverState.APPROVED,
    WaiverDecision.REFUSE: WaiverState.REFUSED,
    WaiverDecision.WITHDRAW: WaiverState.WITHDRAWN,
}


class WaiverIn(Command):
    """How many yuan of the fee, or all that is left of it, and why."""

    amount: Positive | None = None
    reason: Reason
    on: OnDay = None


class DecisionIn(Command):
    """A note on why it was decided so."""

    note: Reason | None = None
    on: OnDay = None


class WaiverOut(BaseModel):
    """A waiver as it stands; `decided_by` approved, refused or withdrew it last."""

    waiver_id: UUID
    late_fee_id: UUID
    customer_key: UUID
    amount: Amount
    reason: str
    state: WaiverState
    proposed_by: str
    proposed_on: date
    decided_by: str | None
    decided_on: date | None
    policy_version: int | None
    version: int


class WaiverChangeOut(BaseModel):
    """Who decided what, and what he saw: the fee by the plan, and what was granted before."""

    version: int
    state: WaiverState
    on: date
    staff_code: str
    note: str | None
    policy_version: int | None
    fee: Amount
    granted: Amount
    recorded_at: datetime


class WaiverWithChanges(WaiverOut):
    """A waiver with everything that was decided about it."""

    changes: list[WaiverChangeOut]


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    late_fee_id: UUID | None = None,
    customer_key: UUID | None = None,
    state: WaiverState | None = None,
) -> Page[WaiverOut]:
    """违约金减免清单 / waivers in sight, the latest first."""
    return await page.read(
        work,
        reports.WAIVERS,
        _ORDER,
        lambda row: WaiverOut(**row),
        waiver_id=None,
        late_fee_id=late_fee_id,
        customer_key=customer_key,
        state=state,
    )


@router.get("/{waiver_id}")
async def shown(waiver_id: UUID, work: Reading) -> WaiverWithChanges:
    """一项违约金减免及其经过 / one waiver, and who decided what about it."""
    row = await one(
        work,
        reports.WAIVERS,
        UnknownWaiver,
        waiver_id=waiver_id,
        late_fee_id=None,
        customer_key=None,
        state=None,
    )
    changes = await work.rows(reports.WAIVER_CHANGES, waiver_id=waiver_id)
    return WaiverWithChanges(**row, changes=[WaiverChangeOut(**change) for change in changes])


@router.post("/{waiver_id}/{decision}", roles=_DECIDING)
async def decide(
    waiver_id: UUID,
    decision: WaiverDecision,
    body: DecisionIn,
    expected_version: IfMatch,
    work: Commanding,
) -> WaiverOut:
    """批准、驳回或撤销减免 / approve or refuse what was proposed, or withdraw it."""
    command = DecideWaiver(waiver_id, expected_version, _STATES[decision], body.note, body.on)
    decided = await waive_late_fee.decide(work, command)
    return WaiverOut.model_validate(decided, from_attributes=True)
