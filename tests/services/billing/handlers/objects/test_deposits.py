"""Deposits in the books: taken by finance, upgraded once, one live chain per object."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.deposit_refusals import (
    DepositTooLarge,
    NotFinanceStaff,
    ObjectReserved,
)
from services.billing.handlers.objects import take_deposit, upgrade_deposit
from services.billing.handlers.objects.upgrade_deposit import UpgradeDeposit
from shared.directory.customers import SuspendedCustomer, UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, Refusal, StaleVersion
from shared.work import Work
from tests.services.billing.books import balances, enter, told
from tests.services.billing.handlers.objects.deals import contracted, small, taking
from tests.support.cast import (
    CITY_DIRECTOR,
    DECLARED,
    INSURER,
    OTHER_CITY_FINANCE,
    SUSPENDED,
    Customer,
)

CHANGED = "dakehu.billing.deposit_changed.v1"


async def test_a_deposit_is_money_that_we_owe_b_01(work: Work) -> None:
    deposit = await small(work)
    assert await balances(work) == {"bank": 500, "deposits_held": -500}
    await work.finish()
    (fact,) = await told(work, CHANGED)
    assert (fact["state"], fact["kind"]) == ("taken", "small")
    assert fact["policy"] == {"name": "deposits", "version": deposit.policy_version}
    assert fact["valid_until_on"] == (work.today + timedelta(days=3)).isoformat()


async def test_only_finance_staff_may_collect_b_04(work: Work) -> None:
    await enter(work, CITY_DIRECTOR)
    with pytest.raises(NotFinanceStaff):
        await take_deposit.handle(work, taking())


@pytest.mark.parametrize(
    ("customer", "refusal"), [(DECLARED, UnapprovedCustomer), (SUSPENDED, SuspendedCustomer)]
)
async def test_nobody_takes_money_of_an_unapproved_customer_r_20(
    work: Work, customer: Customer, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await small(work, customer=customer)


async def test_finance_of_another_city_does_not_reach_the_customer(work: Work) -> None:
    await enter(work, OTHER_CITY_FINANCE)
    with pytest.raises(OutOfScope):
        await take_deposit.handle(work, taking())


async def test_an_object_has_one_live_deposit_b_11(work: Work) -> None:
    await small(work)
    with pytest.raises(ObjectReserved):
        await small(work, customer=INSURER)


async def test_yesterdays_paper_counts_from_yesterday_and_tomorrows_is_refused(work: Work) -> None:
    deposit = await small(work, on=work.today - timedelta(days=1))
    assert deposit.valid_until_on == work.today + timedelta(days=2)
    with pytest.raises(Invalid):
        await small(work, room="B1-2-302", on=work.today + timedelta(days=1))


async def test_an_upgrade_keeps_one_chain_and_the_limit_of_its_sum_b_02(work: Work) -> None:
    deposit = await small(work, price="50000")
    with pytest.raises(DepositTooLarge):
        await upgrade_deposit.handle(work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(10_000)))
    with pytest.raises(StaleVersion):
        await upgrade_deposit.handle(work, UpgradeDeposit(deposit.deposit_id, 2, Decimal(9_500)))
    large = await upgrade_deposit.handle(
        work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(9_500))
    )
    assert await balances(work) == {"bank": 10_000, "deposits_held": -10_000}
    await work.finish()
    facts = await told(work, CHANGED)
    assert [fact["state"] for fact in facts] == ["taken", "upgraded", "taken"]
    assert facts[1]["upgraded_to"] == str(large.deposit_id)
    assert {fact["chain_id"] for fact in facts} == {str(deposit.chain_id)}


async def test_who_has_no_deposit_does_not_sign_for_a_reserved_object_b_11(work: Work) -> None:
    await small(work)
    with pytest.raises(ObjectReserved):
        await contracted(work, INSURER, agree=True)


async def test_a_sold_object_takes_no_deposit_b_11(work: Work) -> None:
    await contracted(work, agree=True)
    with pytest.raises(ObjectReserved):
        await small(work)
