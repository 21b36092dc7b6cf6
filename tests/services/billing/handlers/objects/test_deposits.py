"""Deposits in the books: taken by finance, upgraded once, one live chain per object."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.deposit_refusals import (
    DepositNotLive,
    DepositTooLarge,
    NotFinanceStaff,
    ObjectReserved,
)
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Kind
from services.billing.handlers.objects import (
    cancel_agreement,
    change_deposit,
    release_objects,
    take_deposit,
)
from services.billing.handlers.objects.cancel_agreement import CancelAgreement
from services.billing.handlers.objects.change_deposit import RepriceDeposit, UpgradeDeposit
from services.billing.sweeps import SWEEPS
from shared import policy
from shared.clock import business_date
from shared.directory.customers import SuspendedCustomer, UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, Refusal, StaleVersion
from shared.policy_body import to_json
from shared.service import Runtime
from shared.sweeps import perform
from shared.work import Work
from tests.services.billing.books import agreed, balances, enter, told
from tests.services.billing.handlers.objects.deals import ROOM, contracted, small, taking
from tests.support.cast import (
    CITY_DIRECTOR,
    DECLARED,
    ELECTRONICS,
    FINANCE,
    INSURER,
    OTHER_CITY_FINANCE,
    SUSPENDED,
    Customer,
)
from tests.support.clocks import SITE, SetClock

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
        await change_deposit.top_up(work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(10_000)))
    with pytest.raises(StaleVersion):
        await change_deposit.top_up(work, UpgradeDeposit(deposit.deposit_id, 2, Decimal(9_500)))
    large = await change_deposit.top_up(work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(9_500)))
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


async def test_paper_of_a_day_on_which_the_object_was_anothers_is_refused_b_11(work: Work) -> None:
    day = timedelta(days=1)
    await small(work, on=work.today - 6 * day)
    await agreed(work, INSURER, ROOM, "800000", on=work.today - 6 * day)
    assert await release_objects.expire_due(work, work.today) == 1
    await enter(work, FINANCE)
    with pytest.raises(ObjectReserved):
        await take_deposit.handle(work, taking(customer=INSURER, on=work.today - 3 * day))
    with pytest.raises(ObjectReserved):
        await contracted(work, INSURER, on=work.today - 3 * day)
    await enter(work, FINANCE)
    own = await take_deposit.handle(work, taking(customer=INSURER, on=work.today - 2 * day))
    assert own.taken_on == work.today - 2 * day


async def test_paper_of_a_day_on_which_the_object_was_sold_is_refused_b_11(work: Work) -> None:
    day = timedelta(days=1)
    await agreed(work, INSURER, ROOM, "800000", on=work.today - 3 * day)
    await agreed(work, ELECTRONICS, ROOM, "800000", on=work.today - 3 * day)
    agreement_id = await contracted(work, on=work.today - 3 * day)
    await enter(work, CITY_DIRECTOR)
    cancel = CancelAgreement(agreement_id, 1, "…", work.today - day)
    await cancel_agreement.handle(work, cancel)
    await enter(work, FINANCE)
    with pytest.raises(ObjectReserved):
        await take_deposit.handle(work, taking(customer=INSURER, on=work.today - 2 * day))
    with pytest.raises(ObjectReserved):
        await contracted(work, INSURER, number="A-2", on=work.today - 2 * day)
    await contracted(work, INSURER, number="A-2", on=work.today - day)


async def test_a_price_cut_is_judged_by_the_terms_that_the_deposit_names_b_12(work: Work) -> None:
    deposit = await small(work, Kind.LARGE, "100000", price="500000")
    terms = await policy.in_force(work, DepositTerms, work.today)
    body = {**json.loads(to_json(terms.body)), "legal_share": "0.10"}
    said = {"author": "P001", "reason": "…", "source": "ours"}
    later = await policy.record(work, DepositTerms, body, work.today, **said)
    assert later.version != deposit.policy_version
    command = RepriceDeposit(deposit.deposit_id, 1, Decimal(400_000), "调价")
    cut = await change_deposit.set_price(work, command)
    assert (cut.excess_amount, cut.policy_version) == (Decimal(20_000), deposit.policy_version)


MIDNIGHT = datetime(2026, 3, 20, tzinfo=SITE)
"""The end of the third day after the one on which `clock` stands."""


@pytest.mark.parametrize(
    ("at", "still_holds"), [(MIDNIGHT - timedelta(seconds=1), True), (MIDNIGHT, False)]
)
async def test_a_deposit_holds_to_the_end_of_its_last_day_at_the_site_c_12(
    process: Runtime, clock: SetClock, at: datetime, *, still_holds: bool
) -> None:
    async with process.works.begin() as work:
        deposit = await small(work)
        await agreed(work, INSURER, ROOM, "800000")
    assert deposit.valid_until_on == date(2026, 3, 19)
    clock.set(at.astimezone(UTC))
    await perform(process.works, SWEEPS, business_date(clock.now(), SITE))
    async with process.works.begin() as work:
        await enter(work, FINANCE)
        if still_holds:
            with pytest.raises(ObjectReserved):
                await take_deposit.handle(work, taking(customer=INSURER))
            await change_deposit.top_up(
                work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(20_000))
            )
        else:
            with pytest.raises(DepositNotLive):
                await change_deposit.top_up(
                    work, UpgradeDeposit(deposit.deposit_id, 2, Decimal(20_000))
                )
            await take_deposit.handle(work, taking(customer=INSURER))
        states = await work.rows("SELECT state FROM deposits ORDER BY state")
    left = ["taken", "upgraded"] if still_holds else ["expired", "taken"]
    assert [row["state"] for row in states] == left
