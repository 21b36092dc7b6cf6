"""Discounts in the books: given by three, taken off charges before and after, given back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from services.billing.domain.concessions.discount_refusals import (
    DiscountsOverlap,
    DiscountTooHigh,
    NoDiscountForTier,
    NoSpecialtyBureau,
    NotYourStep,
    SamePerson,
)
from services.billing.domain.concessions.discounts import Discount
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.concessions import (
    apply_discount,
    decide_discount,
    withdraw_discount,
)
from services.billing.handlers.concessions.apply_discount import ApplyForDiscount
from services.billing.handlers.concessions.decide_discount import REFUSE, DecideDiscount
from services.billing.handlers.concessions.withdraw_discount import WithdrawDiscount
from services.billing.handlers.desk import issue_charge
from services.billing.handlers.desk.issue_charge import IssueCharge
from services.billing.handlers.objects import sign_agreement
from services.billing.handlers.objects.sign_agreement import SignAgreement
from services.billing.handlers.republish import discounts as republish_discounts
from shared.contracts.envelope import Entity
from shared.contracts.tiering import TierChanged
from shared.directory.customers import UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    agreed,
    balances,
    cancelled,
    charge,
    check_books,
    enter,
    finish,
    merged,
    open_items,
    opening,
    payment,
    take,
    told,
    unapplied,
)
from tests.support.cast import (
    BACK_OFFICE,
    BRANCH_STAFF,
    DECLARED,
    ELECTRONICS,
    INSURER,
    MANAGER_A,
    MARKET_DEPARTMENT,
    OTHER_CITY_MANAGER,
    PROVINCE_DIRECTOR,
    SPECIALTY,
    Customer,
    Person,
)

DECIDED = "dakehu.billing.discount_decided.v1"
SCHEME = "guangdong-post-2005"
MARCH, JUNE = date(2026, 3, 16), date(2026, 6, 1)


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


async def test_a_discount_is_in_force_when_three_have_agreed_b_26_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    own = await in_force(work)
    assert (own.state, own.tier, own.ceiling) == ("in_force", "gold", Decimal("0.10"))
    await finish(work)
    (fact,) = await told(work, DECIDED)
    assert fact["is_approved"] is True
    assert (fact["rate"], fact["tier"], fact["scheme"]) == ("0.10", "gold", SCHEME)
    assert (fact["applied_by_unit"], fact["decided_by_unit"]) == ("GZ", "GD")
    assert fact["policy"] == {"name": "discounts", "version": own.policy_version}
    assert "年用邮量大" not in str(fact)
    rows = await work.rows("SELECT step, staff_code FROM discount_steps ORDER BY version")
    assert [row["step"] for row in rows] == ["apply", "approve", "register"]
    assert len({row["staff_code"] for row in rows}) == 3


async def test_only_a_bureau_approves_and_only_its_own_people_b_26(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    with pytest.raises(NoSpecialtyBureau):
        await applied(work, bureau="GZ-TH")
    own = await applied(work)
    elsewhere = Person("S009", "外市", "SZ", ("specialty",))
    with pytest.raises(OutOfScope):
        await step(work, own, "approve", elsewhere)
    with pytest.raises(NotYourStep):
        await step(work, own, "approve", PROVINCE_DIRECTOR)
    with pytest.raises(SamePerson):
        await step(work, own, "approve", Person(MANAGER_A.code, "李明", "GD-EMS", ("specialty",)))
    refused = await step(work, own, REFUSE, SPECIALTY)
    assert refused.state == "refused"
    await finish(work)
    (fact,) = await told(work, DECIDED)
    assert (fact["is_approved"], fact["decided_by_unit"]) == (False, "GD-EMS")


async def test_who_may_not_apply_does_not_b_26(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    with pytest.raises(NotYourStep):
        await applied(work, person=PROVINCE_DIRECTOR)
    with pytest.raises(OutOfScope):
        await applied(work, person=BRANCH_STAFF)
    with pytest.raises(OutOfScope):
        await applied(work, person=OTHER_CITY_MANAGER)
    with pytest.raises(UnapprovedCustomer):
        await applied(work, customer=DECLARED)


async def test_the_tier_of_the_governing_scheme_limits_the_rate_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "diamond", scheme="city-post-2012"))
    with pytest.raises(NoDiscountForTier):
        await applied(work, rate="0.01")
    # The newest version of the days so far counts, in whatever order they come.
    await take(work, tiered(ELECTRONICS, "gold", version=2, on=date(2026, 2, 1)))
    await take(work, tiered(ELECTRONICS, "diamond", version=1))
    await take(work, tiered(ELECTRONICS, "diamond", version=3, on=date(2026, 9, 1)))
    with pytest.raises(DiscountTooHigh):
        await applied(work, rate="0.11")
    own = await applied(work)
    await take(work, tiered(ELECTRONICS, "silver", version=4, on=date(2026, 3, 1)))
    with pytest.raises(DiscountTooHigh):
        await step(work, own, "approve", SPECIALTY)


async def test_two_discounts_do_not_hold_for_the_same_charges_b_27(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    await in_force(work, until_on=date(2026, 6, 30))
    with pytest.raises(DiscountsOverlap):
        await in_force(work, line=None, from_on=date(2026, 6, 30))
    assert (await in_force(work, from_on=date(2026, 7, 1))).state == "in_force"
    assert (await in_force(work, line="letters")).state == "in_force"


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


async def test_what_is_withdrawn_no_longer_holds_and_what_it_gave_stays_b_26(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    own = await in_force(work)
    await take(work, billed(on=MARCH), billed("C-2", on=JUNE))
    assert await open_items(work) == {"C-1": 900, "C-2": 900}
    await enter(work, MARKET_DEPARTMENT)
    command = WithdrawDiscount(own.discount_id, own.version, "客户降级", JUNE)
    ended = await withdraw_discount.handle(work, command)
    assert ended.until_on == date(2026, 5, 31)
    assert await open_items(work) == {"C-1": 900, "C-2": 1000}
    await take(work, billed("C-3", on=date(2026, 5, 31)))
    assert (await open_items(work))["C-3"] == 900
    await check_books(work)
    await finish(work)
    facts = await told(work, DECIDED)
    assert [fact["until_on"] for fact in facts] == ["2026-12-31", "2026-05-31"]
    assert facts[-1]["is_approved"] is True
    before = facts[-1]
    await work.run("DELETE FROM kit.outbox")
    await republish_discounts(work, None)
    await finish(work)
    assert await told(work, DECIDED) == [before]


async def test_whoever_has_no_part_in_it_does_not_withdraw_b_26(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    own = await in_force(work)
    command = WithdrawDiscount(own.discount_id, own.version, "…")
    for person, refusal in (
        (Person("F", "财务", "GZ", ("finance",)), NotYourStep),
        (OTHER_CITY_MANAGER, OutOfScope),
    ):
        await enter(work, person)
        with pytest.raises(refusal):
            await withdraw_discount.handle(work, command)


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
