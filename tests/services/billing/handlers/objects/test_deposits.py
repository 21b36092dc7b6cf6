"""Deposits in the books: taken, upgraded, applied, expired, paid back, kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.domain.objects.agreements import AnotherAgreement, ContractTooLate
from services.billing.domain.objects.deposit_refusals import (
    CollectorDecides,
    ContractStands,
    DepositNotLive,
    DepositTooLarge,
    NotAuthorised,
    NotFinanceStaff,
    ObjectReserved,
)
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Deposit, Kind
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.objects import (
    apply_deposit,
    close_deposit,
    release_objects,
    reprice_deposit,
    sign_agreement,
    take_deposit,
    upgrade_deposit,
)
from services.billing.handlers.objects.apply_deposit import ApplyDeposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.objects.reprice_deposit import RepriceDeposit
from services.billing.handlers.objects.sign_agreement import SignAgreement
from services.billing.handlers.objects.take_deposit import TakeDeposit
from services.billing.handlers.objects.upgrade_deposit import UpgradeDeposit
from shared import policy
from shared.directory.customers import SuspendedCustomer, UnapprovedCustomer
from shared.directory.scope import OutOfScope
from shared.errors import Invalid, Refusal, StaleVersion
from shared.identifiers import new_id
from shared.policy_body import to_json
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import agreed, balances, check_books, enter, open_items, told
from tests.support.cast import (
    CITY_DIRECTOR,
    DECLARED,
    ELECTRONICS,
    FINANCE,
    INSURER,
    MANAGER_A,
    OTHER_CITY_FINANCE,
    SUSPENDED,
    Customer,
)

ROOM = "B1-2-301"
CHANGED = "dakehu.billing.deposit_changed.v1"


def taking(
    kind: Kind = Kind.SMALL,
    amount: str = "500",
    *,
    customer: Customer = ELECTRONICS,
    price: str = "800000",
    room: str = ROOM,
    on: date | None = None,
) -> TakeDeposit:
    return TakeDeposit(customer.key, room, kind, Decimal(amount), Decimal(price), on)


async def small(
    work: Work,
    kind: Kind = Kind.SMALL,
    amount: str = "500",
    *,
    customer: Customer = ELECTRONICS,
    price: str = "800000",
    room: str = ROOM,
    on: date | None = None,
) -> Deposit:
    if customer is not DECLARED and customer is not SUSPENDED:
        await agreed(work, customer, room, price, on=on)
    await enter(work, FINANCE)
    command = taking(kind, amount, customer=customer, price=price, room=room, on=on)
    return await take_deposit.handle(work, command)


async def signed(
    work: Work,
    customer: Customer = ELECTRONICS,
    on: date | None = None,
    number: str = "A-1",
    *,
    agree: bool = False,
) -> UUID:
    if agree:
        await agreed(work, customer, ROOM, "800000", on=on)
    await enter(work, MANAGER_A)
    first, rest = Decimal("240000"), Decimal("560000")
    agreement = await sign_agreement.handle(
        work,
        SignAgreement(
            number=number,
            object_code=ROOM,
            customer_key=customer.key,
            price=first + rest,
            signed_at_unit="GZ",
            business_line="property",
            tariff_class="other",
            instalments=(
                Instalment(1, first, work.today),
                Instalment(2, rest, work.today + timedelta(days=30)),
            ),
            signed_on=on,
        ),
    )
    await enter(work, FINANCE)
    return agreement.agreement_id


async def hold_for(work: Work, days: int) -> None:
    """Let a site keep small deposits for longer than the contract may take."""
    terms = await policy.in_force(work, DepositTerms, work.today)
    body = json.loads(to_json(terms.body))
    body["small"]["hold_days"] = days
    said = {"author": "P001", "reason": "…", "source": "ours"}
    await policy.record(work, DepositTerms, body, date(2026, 1, 1), **said)


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


async def test_a_deposit_is_applied_to_the_first_instalment_b_08(work: Work) -> None:
    deposit = await small(work, kind=Kind.LARGE, amount="100000")
    agreement_id = await signed(work)
    applied = await apply_deposit.handle(work, ApplyDeposit(deposit.deposit_id, 1, agreement_id))
    assert applied.settled_amount == 100_000
    assert await open_items(work) == {"A-1": 140_000, "A-1/2": 560_000}
    ledger = await balances(work)
    assert "deposits_held" not in ledger
    assert ledger["receivable"] == 700_000
    await check_books(work)
    await work.finish()
    assert (await told(work, "dakehu.billing.sale_contract_signed.v1"))[0]["object_code"] == ROOM
    assert (await told(work, CHANGED))[-1]["agreement_id"] == str(agreement_id)


async def test_who_has_no_deposit_does_not_sign_for_a_reserved_object_b_11(work: Work) -> None:
    await small(work)
    with pytest.raises(ObjectReserved):
        await signed(work, INSURER, agree=True)


async def test_a_sold_object_takes_no_deposit_b_11(work: Work) -> None:
    await signed(work, agree=True)
    with pytest.raises(ObjectReserved):
        await small(work)


async def test_the_contract_is_signed_within_ten_days_of_the_deposit_b_03(work: Work) -> None:
    await hold_for(work, 30)
    deposit = await small(work, on=work.today - timedelta(days=11))
    with pytest.raises(ContractTooLate):
        await signed(work)
    on = work.today - timedelta(days=1)
    agreement_id = await signed(work, on=on)
    applied = await apply_deposit.handle(work, ApplyDeposit(deposit.deposit_id, 1, agreement_id))
    assert applied.settled_on == on, "it counts from the day of the contract"


async def test_a_contract_that_is_not_signed_in_time_is_told_once_b_03(work: Work) -> None:
    deposit = await small(work, Kind.LARGE, "100000", on=work.today - timedelta(days=11))
    assert await release_objects.expire_due(work, work.today) == 1
    assert await release_objects.miss_contracts(work, work.today - timedelta(days=1)) == 0
    assert await release_objects.miss_contracts(work, work.today) == 1
    assert await release_objects.miss_contracts(work, work.today + timedelta(days=1)) == 0
    await work.finish()
    last = (await told(work, CHANGED))[-1]
    assert last["contract_overdue_on"] == work.today.isoformat()
    assert last["contract_due_on"] == (work.today - timedelta(days=1)).isoformat()
    await enter(work, CITY_DIRECTOR)
    command = CloseDeposit(deposit.deposit_id, 3, Ending.FORFEIT, "逾期未签约")
    assert (await close_deposit.handle(work, command)).settled_amount == 100_000


async def test_a_contract_ends_the_clock_and_what_nobody_applied_is_applied_b_08(
    work: Work,
) -> None:
    deposit = await small(work, Kind.LARGE, "100000", on=work.today - timedelta(days=10))
    await signed(work)
    tomorrow = work.today + timedelta(days=1)
    assert await release_objects.expire_due(work, tomorrow) == 0
    assert await release_objects.miss_contracts(work, tomorrow) == 0
    assert await apply_deposit.apply_signed(work, work.today) == 0
    assert await apply_deposit.apply_signed(work, tomorrow) == 1
    assert await open_items(work) == {"A-1": 140_000, "A-1/2": 560_000}
    paid = await work.value("SELECT received_on FROM payments WHERE fund = 'deposit'")
    assert paid == work.today, "whoever applies it, and when, changes nothing"
    await check_books(work)
    await enter(work, CITY_DIRECTOR)
    with pytest.raises(DepositNotLive):
        await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 2, Ending.REFUND, "…"))


async def test_a_deposit_under_a_signed_contract_is_neither_paid_back_nor_topped_up_b_08(
    work: Work,
) -> None:
    deposit = await small(work)
    await signed(work)
    with pytest.raises(ContractStands):
        await upgrade_deposit.handle(work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(9_500)))
    with pytest.raises(ContractStands):
        await reprice_deposit.handle(
            work, RepriceDeposit(deposit.deposit_id, 1, Decimal(1000), "…")
        )
    await enter(work, CITY_DIRECTOR)
    with pytest.raises(ContractStands):
        await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 1, Ending.REFUND, "…"))


async def test_a_contract_told_late_revises_the_expiry_b_03(work: Work) -> None:
    deposit = await small(work, Kind.LARGE, "100000", on=work.today - timedelta(days=12))
    await release_objects.expire_due(work, work.today - timedelta(days=1))
    await release_objects.miss_contracts(work, work.today - timedelta(days=1))
    agreement_id = await signed(work, on=work.today - timedelta(days=3))
    command = ApplyDeposit(deposit.deposit_id, 3, agreement_id)
    applied = await apply_deposit.handle(work, command)
    assert (applied.state, applied.contract_overdue_on) == ("applied", None)
    await check_books(work)


async def test_whoever_comes_after_the_last_day_finds_the_object_free_b_11(work: Work) -> None:
    over = await small(work, on=work.today - timedelta(days=4))
    fresh = await small(work, customer=INSURER)
    assert fresh.object_code == over.object_code
    states = await work.rows("SELECT state FROM deposits ORDER BY taken_on")
    assert [row["state"] for row in states] == ["expired", "taken"]


async def test_working_days_are_counted_where_the_policy_says_so_c_12(work: Work) -> None:
    terms = await policy.in_force(work, DepositTerms, work.today)
    body = {**json.loads(to_json(terms.body)), "day_count": "working"}
    said = {"author": "P001", "reason": "C12", "source": "ours"}
    await policy.record(work, DepositTerms, body, date(2026, 1, 1), **said)
    friday = date(2026, 3, 13)
    deposit = await small(work, on=friday)
    assert deposit.valid_until_on == date(2026, 3, 18), "Monday, Tuesday, Wednesday"
    assert await release_objects.expire_due(work, date(2026, 3, 18)) == 0
    assert await release_objects.expire_due(work, date(2026, 3, 19)) == 1


async def test_whoever_took_the_money_does_not_decide_what_becomes_of_it_b_11(
    work: Work,
) -> None:
    terms = await policy.in_force(work, DepositTerms, work.today)
    body = {**json.loads(to_json(terms.body)), "deciding_roles": ["finance", "director"]}
    said = {"author": "P001", "reason": "…", "source": "ours"}
    await policy.record(work, DepositTerms, body, date(2026, 1, 1), **said)
    deposit = await small(work)
    command = CloseDeposit(deposit.deposit_id, 1, Ending.REFUND, "…")
    with pytest.raises(CollectorDecides):
        await close_deposit.handle(work, command)
    await enter(work, MANAGER_A)
    with pytest.raises(NotAuthorised):
        await close_deposit.handle(work, command)
    await enter(work, CITY_DIRECTOR)
    assert (await close_deposit.handle(work, command)).state == "refunded"


async def test_a_later_price_cut_warns_and_only_what_counts_is_kept_b_12(work: Work) -> None:
    deposit = await small(work, Kind.LARGE, "100000", price="500000")
    command = RepriceDeposit(deposit.deposit_id, 1, Decimal(400_000), "调价")
    cut = await reprice_deposit.handle(work, command)
    assert (cut.excess_amount, cut.price) == (Decimal(20_000), Decimal(400_000))
    await work.finish()
    fact = (await told(work, CHANGED))[-1]
    assert fact["is_above_legal_limit"] is True
    assert fact["excess_amount"]["amount"] == "20000.00"
    await enter(work, CITY_DIRECTOR)
    await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 2, Ending.FORFEIT, "…"))
    assert await balances(work) == {"bank": 80_000, "deposits_forfeited": -80_000}


async def test_a_deposit_is_applied_to_the_agreement_of_its_own_object_b_08(work: Work) -> None:
    other = await small(work, room="B1-2-999")
    agreement_id = await signed(work, agree=True)
    with pytest.raises(AnotherAgreement):
        await apply_deposit.handle(work, ApplyDeposit(other.deposit_id, 1, agreement_id))


async def test_what_expired_releases_its_object_and_stays_owed_b_11(work: Work) -> None:
    deposit = await small(work, on=work.today - timedelta(days=4))
    assert await release_objects.expire_due(work, work.today) == 1
    assert await release_objects.expire_due(work, work.today) == 0
    assert (await balances(work))["deposits_held"] == -500
    await small(work, customer=INSURER)
    await enter(work, CITY_DIRECTOR)
    command = CloseDeposit(deposit.deposit_id, 2, Ending.FORFEIT, "客户违约")
    await close_deposit.handle(work, command)
    assert await balances(work) == {
        "bank": 1000,
        "deposits_held": -500,
        "deposits_forfeited": -500,
    }
    rows = await work.rows(
        "SELECT state, staff_code, reason FROM deposit_changes WHERE deposit_id = :id"
        " ORDER BY version",
        id=deposit.deposit_id,
    )
    assert [row["state"] for row in rows] == ["taken", "expired", "forfeited"]
    assert rows[-1]["reason"] == "客户违约"


async def test_a_deposit_does_not_expire_on_its_last_day_c_12(work: Work) -> None:
    await small(work, on=work.today - timedelta(days=3))
    assert await release_objects.expire_due(work, work.today) == 0


async def test_money_goes_back_once_and_double_when_we_broke_our_word_b_11(work: Work) -> None:
    deposit = await small(work)
    await enter(work, CITY_DIRECTOR)
    close = CloseDeposit(deposit.deposit_id, 1, Ending.DOUBLE_RETURN, "我方违约")
    await close_deposit.handle(work, close)
    assert await balances(work) == {"bank": -500, "deposit_penalties": 500}
    with pytest.raises(DepositNotLive):
        await close_deposit.handle(
            work, CloseDeposit(deposit.deposit_id, 2, Ending.REFUND, "again")
        )
    assert (await small(work)).object_code == ROOM, "the object is free again"


async def test_of_many_who_want_an_object_at_once_one_gets_it_b_11(process: Runtime) -> None:
    async def one(number: int) -> bool:
        async def take(work: Work) -> Deposit:
            await enter(work, FINANCE)
            customer = (ELECTRONICS, INSURER)[number % 2]
            return await take_deposit.handle(
                work, taking(amount=str(500 + number), customer=customer)
            )

        return await _commits(process, take)

    async with process.works.begin() as work:
        for customer in (ELECTRONICS, INSURER):
            await agreed(work, customer, ROOM, "800000")
    outcomes = await asyncio.gather(*(one(number) for number in range(6)))
    assert sum(outcomes) == 1
    async with process.works.begin() as work:
        assert await work.value("SELECT count(*) FROM deposits") == 1
        assert len(await balances(work)) == 2


async def test_of_two_who_decide_on_a_deposit_at_once_one_does_b_11(process: Runtime) -> None:
    async with process.works.begin() as work:
        deposit = await small(work)

    async def one(ending: Ending) -> bool:
        async def close(work: Work) -> Deposit:
            await enter(work, CITY_DIRECTOR)
            command = CloseDeposit(deposit.deposit_id, 1, ending, "…")
            return await close_deposit.handle(work, command)

        return await _commits(process, close)

    outcomes = await asyncio.gather(*(one(ending) for ending in Ending))
    assert sum(outcomes) == 1


async def test_the_database_itself_keeps_one_live_deposit_per_object(work: Work) -> None:
    await small(work)
    again = (
        "INSERT INTO deposits SELECT :id, chain_id, customer_key, object_code, kind, state, amount,"
        " chain_amount, price, taken_on, valid_until_on, contract_due_on, policy_version, version"
        " FROM deposits"
    )
    with pytest.raises(Exception, match="deposits_one_live_chain"):
        await work.run(again, {"id": new_id()})


async def _commits(process: Runtime, act: Callable[[Work], Awaitable[object]]) -> bool:
    try:
        async with process.works.begin() as work:
            await act(work)
    except Refusal:
        return False
    return True
