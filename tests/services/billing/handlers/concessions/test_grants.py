"""What discounts take off charges, before and after, and give back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.desk import issue_charge
from services.billing.handlers.desk.issue_charge import IssueCharge
from services.billing.handlers.objects import sign_agreement
from services.billing.handlers.objects.sign_agreement import SignAgreement
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    agreed,
    balances,
    cancelled,
    charge,
    check_books,
    enter,
    merged,
    open_items,
    opening,
    payment,
    take,
    unapplied,
)
from tests.services.billing.handlers.concessions.giving import (
    JUNE,
    applied,
    billed,
    in_force,
    step,
    tiered,
)
from tests.support.cast import (
    BACK_OFFICE,
    ELECTRONICS,
    INSURER,
    MANAGER_A,
    MARKET_DEPARTMENT,
    SPECIALTY,
)


async def test_a_charge_of_the_period_is_reduced_once_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    own = await in_force(work)
    await take(work, billed(), billed("C-2", on=date(2026, 3, 15)))
    assert await open_items(work) == {"C-1": 900, "C-2": 1000}
    ledger = await balances(work)
    del ledger["billed_clearing"]
    assert ledger == {"discounts": 100, "receivable": 1900}
    await in_force(work, line="letters")
    assert (await balances(work))["discounts"] == 100, "looked at again, and posted once"
    await check_books(work)
    days = await work.rows(
        "SELECT event_on FROM journal WHERE kind = 'discount' AND customer_key = :key",
        key=own.customer_key,
    )
    assert [row["event_on"] for row in days] == [date(2026, 4, 1)]


async def test_a_discount_makes_room_among_payments_that_came_before_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    await take(work, billed(), payment(ELECTRONICS, "P-1", 1000, "C-1", on=date(2026, 4, 2)))
    assert await open_items(work) == {}
    await in_force(work)
    assert await unapplied(work) == {"P-1": 100}
    await check_books(work)


async def test_a_cancelled_charge_gives_its_discount_back_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    await in_force(work)
    await take(work, billed(), cancelled("X-1", "C-1", "400", on=JUNE))
    assert await open_items(work) == {"C-1": 540}
    await take(work, cancelled("X-2", "C-1", on=JUNE))
    assert "discounts" not in await balances(work)
    assert await unapplied(work) == {}
    await check_books(work)


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_whatever_comes_first_the_books_are_the_same_b_27(
    work: Work, order: tuple[int, ...]
) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    own = await step(work, await applied(work), "approve", SPECIALTY)

    async def decide() -> None:
        await step(work, own, "register", MARKET_DEPARTMENT)

    steps = (
        decide,
        lambda: take(work, billed()),
        lambda: take(work, cancelled("X-1", "C-1", "333.33", on=JUNE)),
        lambda: take(work, payment(ELECTRONICS, "P-1", 700, on=date(2026, 4, 5))),
    )
    for index in order:
        await steps[index]()
    days = await work.rows(
        "SELECT event_on, account, sum(balance) AS balance FROM entries"
        " GROUP BY 1, 2 HAVING sum(balance) <> 0 ORDER BY 1, 2"
    )
    assert await unapplied(work) == {"P-1": Decimal("100.00")}
    assert [(row["event_on"], row["balance"]) for row in days if row["account"] == "discounts"] == [
        (date(2026, 4, 1), Decimal("100.00")),
        (JUNE, Decimal("-33.33")),
    ]
    await check_books(work)


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_what_is_cancelled_as_a_whole_is_the_same_by_day_in_any_order_b_27(
    work: Work, order: tuple[int, ...]
) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    own = await step(work, await applied(work), "approve", SPECIALTY)
    steps = (
        lambda: step(work, own, "register", MARKET_DEPARTMENT),
        lambda: take(work, billed()),
        lambda: take(work, cancelled("X-1", "C-1", on=JUNE)),
        lambda: take(work, payment(ELECTRONICS, "P-1", 700, on=date(2026, 4, 5))),
    )
    for index in order:
        await steps[index]()
    days = await work.rows(
        "SELECT event_on, account, sum(balance) AS balance FROM entries"
        " GROUP BY 1, 2 HAVING sum(balance) <> 0 ORDER BY 1, 2"
    )
    assert [(row["event_on"], row["balance"]) for row in days if row["account"] == "discounts"] == [
        (date(2026, 4, 1), Decimal("100.00")),
        (JUNE, Decimal("-100.00")),
    ]
    assert await unapplied(work) == {"P-1": 700}
    await check_books(work)


async def test_the_price_of_an_agreement_is_its_own_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    await in_force(work, line=None)
    await agreed(work, ELECTRONICS, "B1", "1000")
    await enter(work, MANAGER_A)
    await sign_agreement.handle(
        work,
        SignAgreement(
            number="A-1",
            object_code="B1",
            customer_key=ELECTRONICS.key,
            price=Decimal(1000),
            signed_at_unit="GZ",
            business_line="property",
            tariff_class="other",
            instalments=(Instalment(1, Decimal(1000), date(2026, 12, 31)),),
        ),
    )
    assert await open_items(work) == {"A-1": 1000}


async def test_damage_and_opening_balances_are_paid_in_full_b_25(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"), opening(ELECTRONICS, "I-1", 1000))
    await enter(work, BACK_OFFICE)
    damage = IssueCharge(
        *("D-1", ELECTRONICS.key, "express", "other", Decimal(1000), date(2026, 4, 30)),
        kind="asset-damage",
        asset="电能表 DN-0815",
    )
    ordinary = IssueCharge(
        *("B-1", ELECTRONICS.key, "express", "other", Decimal(1000), date(2026, 4, 30))
    )
    await issue_charge.handle(work, damage)
    await in_force(work)
    await enter(work, BACK_OFFICE)
    await issue_charge.handle(work, replace(damage, ref="D-2"))
    await issue_charge.handle(work, ordinary)
    assert await open_items(work) == {"I-1": 1000, "D-1": 1000, "D-2": 1000, "B-1": 900}


async def test_customers_that_are_one_share_their_discount_r_81(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    await in_force(work)
    of_other = charge(INSURER, "C-9", 1000, issued=date(2026, 4, 1), due=date(2026, 5, 1))
    await take(work, of_other, billed())
    assert await open_items(work) == {"C-1": 900, "C-9": 1000}
    await take(work, merged(INSURER, ELECTRONICS))
    assert await open_items(work) == {"C-1": 900, "C-9": 900}
    await check_books(work)
    await take(work, merged(INSURER, None, version=2))
    assert await open_items(work) == {"C-1": 900, "C-9": 1000}
    await take(work, merged(INSURER, ELECTRONICS, version=3))
    assert await open_items(work) == {"C-1": 900, "C-9": 900}
    await check_books(work)


async def test_who_had_the_discount_of_a_merged_customer_loses_it_when_they_are_two_again_r_81(
    work: Work,
) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    await in_force(work)
    await take(work, merged(ELECTRONICS, INSURER))
    await take(
        work, charge(INSURER, "C-9", 1000, issued=date(2026, 4, 1), due=date(2026, 5, 1)), billed()
    )
    assert await open_items(work) == {"C-1": 900, "C-9": 900}
    await take(work, merged(ELECTRONICS, None, version=2))
    assert await open_items(work) == {"C-1": 900, "C-9": 1000}
    await check_books(work)


async def test_charges_and_a_decision_at_the_same_moment_miss_nothing_b_27(
    process: Runtime,
) -> None:
    async with process.works.begin() as work:
        await take(work, tiered(ELECTRONICS, "gold"))
        own = await step(work, await applied(work), "approve", SPECIALTY)

    async def raise_one(number: int) -> None:
        async with process.works.begin() as work:
            await take(work, billed(f"C-{number}", 100 + number))

    async def decide() -> None:
        async with process.works.begin() as work:
            await step(work, own, "register", MARKET_DEPARTMENT)

    await asyncio.gather(*(raise_one(number) for number in range(4)), decide())
    async with process.works.begin() as work:
        assert (await balances(work))["discounts"] == Decimal("40.60")
        await check_books(work)
