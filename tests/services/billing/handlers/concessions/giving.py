"""What tests of discounts do: grade a customer, apply, take the steps, bill."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.billing.domain.concessions.discounts import Discount
from services.billing.handlers.concessions import apply_discount, decide_discount
from services.billing.handlers.concessions.apply_discount import ApplyForDiscount
from services.billing.handlers.concessions.decide_discount import DecideDiscount
from shared.contracts.envelope import Entity
from shared.contracts.tiering import TierChanged
from shared.work import Work
from tests.services.billing.books import charge, enter
from tests.support.cast import (
    ELECTRONICS,
    MANAGER_A,
    MARKET_DEPARTMENT,
    SPECIALTY,
    Customer,
    Person,
)

DECIDED = "dakehu.billing.discount_decided.v1"
MARCH, JUNE = date(2026, 3, 16), date(2026, 6, 1)
SCHEME = "guangdong-post-2005"


def tiered(
    customer: Customer,
    tier: str | None,
    version: int = 1,
    on: date = date(2026, 1, 1),
    scheme: str = SCHEME,
) -> TierChanged:
    return TierChanged(
        entity=Entity(type="tier", id=f"{customer.key}/{scheme}", version=version),
        customer_key=customer.key,
        as_of=on,
        scheme=scheme,
        scheme_version=1,
        after=tier,
        rank=1 if tier else None,
        effective_on=on,
    )


def applying(
    rate: str = "0.10",
    *,
    customer: Customer = ELECTRONICS,
    line: str | None = "express",
    from_on: date = MARCH,
    until_on: date = date(2026, 12, 31),
    bureau: str = "GD-EMS",
) -> ApplyForDiscount:
    return ApplyForDiscount(
        customer.key, line, Decimal(rate), from_on, until_on, bureau, "年用邮量大"
    )


async def applied(work: Work, *, person: Person = MANAGER_A, **more: Any) -> Discount:
    await enter(work, person)
    return await apply_discount.handle(work, applying(**more))


async def step(work: Work, own: Discount, name: str, person: Person) -> Discount:
    await enter(work, person)
    command = DecideDiscount(own.discount_id, own.version, name, "同意")
    return await decide_discount.handle(work, command)


async def in_force(work: Work, **more: Any) -> Discount:
    approved = await step(work, await applied(work, **more), "approve", SPECIALTY)
    return await step(work, approved, "register", MARKET_DEPARTMENT)


def billed(ref: str = "C-1", amount: int = 1000, on: date = date(2026, 4, 1)) -> Any:
    return charge(ELECTRONICS, ref, amount, issued=on, due=on + timedelta(days=30))
