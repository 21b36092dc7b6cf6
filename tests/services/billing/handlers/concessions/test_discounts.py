"""Discounts given by three people, and ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

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
from services.billing.handlers.concessions import apply_discount, decide_discount, withdraw_discount
from services.billing.handlers.concessions.decide_discount import REFUSE, DecideDiscount
from services.billing.handlers.concessions.withdraw_discount import WithdrawDiscount
from services.billing.handlers.republish import discounts as republish_discounts
from shared.directory.customers import UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, Refusal
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import check_books, enter, finish, open_items, take, told
from tests.services.billing.handlers.concessions.giving import (
    DECIDED,
    JUNE,
    MARCH,
    SCHEME,
    applied,
    applying,
    billed,
    in_force,
    step,
    tiered,
)
from tests.support.cast import (
    BRANCH_STAFF,
    DECLARED,
    ELECTRONICS,
    MANAGER_A,
    MARKET_DEPARTMENT,
    OTHER_CITY_MANAGER,
    PROVINCE_DIRECTOR,
    SPECIALTY,
    Person,
)


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


async def test_no_step_is_taken_on_a_day_before_the_last_b_26(work: Work) -> None:
    day = timedelta(days=1)
    await take(work, tiered(ELECTRONICS, "gold"))
    await take(work, tiered(ELECTRONICS, "silver", version=2, on=work.today))
    await enter(work, MANAGER_A)
    asked = replace(applying(rate="0.05"), on=work.today - 2 * day)
    own = await apply_discount.handle(work, asked)
    await enter(work, SPECIALTY)
    for early in (3, 9):
        command = DecideDiscount(own.discount_id, 1, "approve", "…", work.today - early * day)
        with pytest.raises(Invalid) as caught:
            await decide_discount.handle(work, command)
        assert caught.value.pointer == "/on"
    command = DecideDiscount(own.discount_id, 1, "approve", "同意", work.today - 2 * day)
    approved = await decide_discount.handle(work, command)
    assert approved.tier == "gold", "as it was on the day of the step"
    given = await step(work, approved, "register", MARKET_DEPARTMENT)
    assert (given.tier, given.ceiling) == ("silver", Decimal("0.05"))


async def test_whoever_took_a_step_registers_nothing_b_26(work: Work) -> None:
    await take(work, tiered(ELECTRONICS, "gold"))
    approved = await step(work, await applied(work), "approve", SPECIALTY)
    for code in (MANAGER_A.code, SPECIALTY.code):
        with pytest.raises(SamePerson):
            await step(work, approved, "register", Person(code, "…", "GD", ("market_department",)))


async def test_of_two_that_overlap_and_are_registered_at_once_one_holds_b_27(
    process: Runtime,
) -> None:
    async with process.works.begin() as work:
        await take(work, tiered(ELECTRONICS, "gold"))
        approved = [await step(work, await applied(work), "approve", SPECIALTY) for _ in range(2)]

    async def register(own: Discount) -> object:
        try:
            async with process.works.begin() as work:
                return await step(work, own, "register", MARKET_DEPARTMENT)
        except Refusal as refusal:
            return type(refusal)

    outcomes = await asyncio.gather(*(register(own) for own in approved))
    assert DiscountsOverlap in outcomes
    assert sum(isinstance(each, Discount) for each in outcomes) == 1
