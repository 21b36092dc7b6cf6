"""Discounts: apply, take the steps of the policy, refuse, withdraw, read (B-26, B-27)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.billing.api.listings import Listing
from services.billing.api.models import Command, OnDay, Reason
from services.billing.domain.concessions.discounts import State
from services.billing.handlers.concessions import (
    apply_discount,
    decide_discount,
    withdraw_discount,
)
from services.billing.handlers.concessions.apply_discount import ApplyForDiscount
from services.billing.handlers.concessions.decide_discount import DecideDiscount
from services.billing.handlers.concessions.withdraw_discount import WithdrawDiscount
from services.billing.storage.concessions import reports
from services.billing.storage.concessions.discounts import UnknownDiscount
from shared.contracts.values import Amount, Code, Day, Exact, Label, Word
from shared.http import Commanding, IfMatch, Keyset, Page, PageQuery, Reading, Role, Router

router = Router(prefix="/v1/discounts", tags=["discounts"])
_GRANTS = Keyset("issued_on date", "receivable_id uuid", descending=True)
TAKING_PART: frozenset[Role] = frozenset(
    {
        "account_manager",
        "supervisor",
        "director",
        "deputy_director",
        "sales_director",
        "specialty",
        "market_department",
        "province_administrator",
    }
)
"""Who may have a part in discounts; which of them takes which step is policy (B-26)."""


class DiscountIn(Command):
    """`rate` is a fraction of the gross charge: "0.05"; without a line it holds for all."""

    customer_key: UUID
    business_line: Label | None = None
    rate: Annotated[Exact, Field(gt=0, lt=1, decimal_places=6)]
    from_on: Day
    until_on: Day
    specialty_unit: Code
    reason: Reason
    on: OnDay = None


class StepIn(Command):
    """Why the step is taken, or the discount refused."""

    reason: Reason
    on: OnDay = None


class WithdrawIn(Command):
    """The first day without the discount, today if left out, and why."""

    reason: Reason
    from_on: Day | None = None


class DiscountOut(BaseModel):
    """A discount as it stands; `tier`, `scheme` and `ceiling` are what its last step saw."""

    discount_id: UUID
    customer_key: UUID
    business_line: str | None
    rate: Exact
    from_on: date
    until_on: date
    reason: str
    specialty_unit: str
    applied_by_unit: str
    scheme: str
    tier: str
    ceiling: Exact
    policy_version: int
    state: State
    steps_taken: int
    version: int


_DISCOUNTS = Listing(
    reports.DISCOUNTS,
    Keyset("from_on date", "discount_id uuid", descending=True),
    DiscountOut,
    UnknownDiscount,
    ("discount_id", "customer_key", "state"),
)


class DiscountStepOut(BaseModel):
    """Who took which step, and what it saw."""

    version: int
    step: str
    state: State
    staff_code: str
    unit: str
    on: date
    reason: str | None
    tier: str
    ceiling: Exact
    recorded_at: datetime


class GrantedOut(BaseModel):
    """What a discount takes off a charge, now."""

    receivable_id: UUID
    system: str
    ref: str
    issued_on: date
    gross: Amount
    cancelled: Amount
    amount: Amount


@router.post("", status_code=201, roles=TAKING_PART)
async def apply(body: DiscountIn, work: Commanding) -> DiscountOut:
    """申报资费优惠 / apply for a discount."""
    discount = await apply_discount.handle(work, ApplyForDiscount(**dict(body)))
    return await _DISCOUNTS.one(work, discount_id=discount.discount_id)


@router.get("")
async def listed(
    work: Reading,
    page: PageQuery,
    customer_key: UUID | None = None,
    state: State | None = None,
) -> Page[DiscountOut]:
    """优惠清单 / discounts of customers in sight, and those that the own bureau decides."""
    return await _DISCOUNTS.page(work, page, customer_key=customer_key, state=state)


@router.get("/{discount_id}")
async def shown(discount_id: UUID, work: Reading) -> DiscountOut:
    """一项优惠 / one discount."""
    return await _DISCOUNTS.one(work, discount_id=discount_id)


@router.get("/{discount_id}/steps")
async def steps(discount_id: UUID, work: Reading) -> list[DiscountStepOut]:
    """办理经过 / who took which step, and what it saw."""
    rows = await work.rows(reports.DISCOUNT_STEPS, discount_id=discount_id)
    return [DiscountStepOut(**row) for row in rows]


@router.get("/{discount_id}/charges")
async def granted(discount_id: UUID, work: Reading, page: PageQuery) -> Page[GrantedOut]:
    """已享受优惠的账单 / what the discount takes off which charges."""
    return await page.read(
        work,
        reports.GRANTED_DISCOUNTS,
        _GRANTS,
        lambda row: GrantedOut(**row),
        discount_id=discount_id,
    )


@router.post("/{discount_id}/withdraw", roles=TAKING_PART)
async def withdraw(
    discount_id: UUID, body: WithdrawIn, work: Commanding, expected_version: IfMatch
) -> DiscountOut:
    """撤销优惠 / end a discount from a day on; what it gave before stays given."""
    command = WithdrawDiscount(discount_id, expected_version, body.reason, body.from_on)
    await withdraw_discount.handle(work, command)
    return await _DISCOUNTS.one(work, discount_id=discount_id)


@router.post("/{discount_id}/{step}", roles=TAKING_PART)
async def take_step(
    discount_id: UUID, step: Word, body: StepIn, work: Commanding, expected_version: IfMatch
) -> DiscountOut:
    """办理下一步：approve、register，或 refuse / take the next step of the policy, or refuse it.

    With the last step the discount is in force, and is taken off the charges of its period.
    """
    command = DecideDiscount(discount_id, expected_version, step, body.reason, body.on)
    await decide_discount.handle(work, command)
    return await _DISCOUNTS.one(work, discount_id=discount_id)
