"""Deposits: take, upgrade, re-price, apply, pay back, keep (B-01 to B-04, B-08, B-11, B-12)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.billing.api.listings import Listing
from services.billing.api.models import (
    FINANCE,
    SELLING,
    Command,
    ObjectCode,
    OnDay,
    Positive,
    Reason,
)
from services.billing.api.objects.warnings import Warnings, of_excess
from services.billing.domain.objects.deposits import Kind, State
from services.billing.handlers.objects import (
    apply_deposit,
    change_deposit,
    close_deposit,
    take_deposit,
)
from services.billing.handlers.objects.apply_deposit import ApplyDeposit
from services.billing.handlers.objects.change_deposit import RepriceDeposit, UpgradeDeposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.objects.take_deposit import TakeDeposit
from services.billing.storage.objects import reports
from services.billing.storage.objects.deposits import UnknownDeposit
from shared.contracts.values import Amount
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/deposits", tags=["deposits"])
DECIDING: frozenset[Role] = frozenset({"finance", "director", "deputy_director", "sales_director"})
"""Who may decide what becomes of a deposit; which of them is policy (B-11)."""


class DepositIn(Command):
    """A first deposit on an object."""

    customer_key: UUID
    object_code: ObjectCode
    kind: Kind
    amount: Positive
    price: Positive
    on: OnDay = None


class UpgradeIn(Command):
    """What comes on top of a small deposit to make it a large one."""

    amount: Positive
    on: OnDay = None


class ApplyIn(Command):
    """The signed agreement of the object."""

    agreement_id: UUID
    on: OnDay = None


class RepriceIn(Command):
    """What the object costs from now on, and why."""

    price: Positive
    reason: Reason
    on: OnDay = None


class CloseIn(Command):
    """Why the deposit is paid back or kept."""

    reason: Reason
    on: OnDay = None


class DepositOut(BaseModel):
    """A deposit as it stands; `chain_amount` is what the whole chain holds.

    `excess_amount` of it has no effect of a deposit: it is neither kept nor doubled (B-12). The
    contract was due on `contract_due_on`, and found missing on `contract_overdue_on` (B-03).
    """

    deposit_id: UUID
    chain_id: UUID
    customer_key: UUID
    object_code: str
    kind: Kind
    state: State
    amount: Amount
    chain_amount: Amount
    effective_amount: Amount
    excess_amount: Amount
    price: Amount
    taken_on: date
    valid_until_on: date
    contract_due_on: date
    contract_overdue_on: date | None
    preliminary_id: UUID | None
    upgraded_to: UUID | None
    agreement_id: UUID | None
    settled_on: date | None
    settled_amount: Amount | None
    policy_version: int
    version: int
    warnings: Warnings = Field(default_factory=lambda said: of_excess(said["excess_amount"]))

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


_DEPOSITS = Listing(
    reports.DEPOSITS,
    Keyset("taken_on date", "deposit_id uuid", descending=True),
    DepositOut,
    UnknownDeposit,
    ("deposit_id", "customer_key", "object_code", "state", "is_contract_overdue"),
)


class DepositChangeOut(BaseModel):
    """What happened to a deposit; without a staff code it fell due."""

    version: int
    state: State
    on: date
    staff_code: str | None
    reason: str | None
    recorded_at: datetime


@router.post("", status_code=201, roles=FINANCE)
async def take(body: DepositIn, work: Commanding) -> DepositOut:
    """收取定金 / take a small or large deposit; the object is reserved."""
    deposit = await take_deposit.handle(work, TakeDeposit(**dict(body)))
    return DepositOut.model_validate(deposit, from_attributes=True)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    object_code: Annotated[ObjectCode | None, Query()] = None,
    state: State | None = None,
    is_contract_overdue: bool | None = None,
) -> Page[DepositOut]:
    """定金清单 / deposits in sight, the latest first."""
    return await _DEPOSITS.page(
        work,
        page,
        customer_key=customer_key,
        object_code=object_code,
        state=state,
        is_contract_overdue=is_contract_overdue,
    )


@router.get("/{deposit_id}")
async def shown(deposit_id: UUID, work: Reading) -> DepositOut:
    """一笔定金 / one deposit."""
    return await _DEPOSITS.one(work, deposit_id=deposit_id)


@router.get("/{deposit_id}/changes")
async def changes(deposit_id: UUID, work: Reading) -> list[DepositChangeOut]:
    """定金的经过 / what happened to a deposit, and who did it."""
    rows = await work.rows(reports.DEPOSIT_CHANGES, deposit_id=deposit_id)
    return [DepositChangeOut(**row) for row in rows]


@router.post("/{deposit_id}/upgrade", status_code=201, roles=FINANCE)
async def upgrade(
    deposit_id: UUID, body: UpgradeIn, work: Commanding, expected_version: IfMatch
) -> DepositOut:
    """小定金升级为大定金 / top a small deposit up; answers with the large one."""
    command = UpgradeDeposit(deposit_id, expected_version, body.amount, body.on)
    deposit = await change_deposit.top_up(work, command)
    return DepositOut.model_validate(deposit, from_attributes=True)


@router.post("/{deposit_id}/reprice", roles=SELLING)
async def reprice(
    deposit_id: UUID, body: RepriceIn, work: Commanding, expected_version: IfMatch
) -> DepositOut:
    """总价变更 / the object costs something else; answers with what no longer counts as deposit."""
    command = RepriceDeposit(deposit_id, expected_version, body.price, body.reason, body.on)
    deposit = await change_deposit.set_price(work, command)
    return DepositOut.model_validate(deposit, from_attributes=True)


@router.post("/{deposit_id}/apply", roles=FINANCE)
async def apply(
    deposit_id: UUID, body: ApplyIn, work: Commanding, expected_version: IfMatch
) -> DepositOut:
    """抵扣首期款 / set the deposit against the first instalment of its agreement."""
    command = ApplyDeposit(deposit_id, expected_version, body.agreement_id, body.on)
    deposit = await apply_deposit.handle(work, command)
    return DepositOut.model_validate(deposit, from_attributes=True)


@router.post("/{deposit_id}/{ending}", roles=DECIDING)
async def close(
    deposit_id: UUID, ending: Ending, body: CloseIn, work: Commanding, expected_version: IfMatch
) -> DepositOut:
    """退还、双倍返还或没收 / pay the deposit back, once or double, or keep it."""
    command = CloseDeposit(deposit_id, expected_version, ending, body.reason, body.on)
    deposit = await close_deposit.handle(work, command)
    return DepositOut.model_validate(deposit, from_attributes=True)
