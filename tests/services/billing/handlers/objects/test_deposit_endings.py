"""How deposits end in the books: applied, expired, paid back, kept."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.agreements import AnotherAgreement, ContractTooLate
from services.billing.domain.objects.deposit_refusals import (
    CollectorDecides,
    ContractStands,
    DepositNotLive,
    NotAuthorised,
)
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Kind
from services.billing.domain.receivables.charges import Instalment
from services.billing.handlers.objects import (
    apply_deposit,
    change_deposit,
    close_deposit,
    release_objects,
    sign_agreement,
    take_deposit,
)
from services.billing.handlers.objects.apply_deposit import ApplyDeposit
from services.billing.handlers.objects.change_deposit import RepriceDeposit, UpgradeDeposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from shared import policy
from shared.errors import Invalid
from shared.policy_body import to_json
from shared.work import Work
from tests.services.billing.books import (
    agreed,
    balances,
    check_books,
    enter,
    merged,
    open_items,
    take,
    told,
)
from tests.services.billing.handlers.objects.deals import (
    ROOM,
    contracted,
    deposited,
    hold_for,
    signing,
    small,
    taking,
)
from tests.support.cast import CITY_DIRECTOR, ELECTRONICS, FINANCE, INSURER, MANAGER_A

CHANGED = "dakehu.billing.deposit_changed.v1"


async def test_a_deposit_is_applied_to_the_first_instalment_b_08(work: Work) -> None:
    deposit = await small(work, kind=Kind.LARGE, amount="100000")
    agreement_id = await contracted(work)
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


async def test_the_contract_is_signed_within_ten_days_of_the_deposit_b_03(work: Work) -> None:
    await hold_for(work, 30)
    deposit = await small(work, on=work.today - timedelta(days=11))
    with pytest.raises(ContractTooLate):
        await contracted(work)
    on = work.today - timedelta(days=1)
    agreement_id = await contracted(work, on=on)
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
    await contracted(work)
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
    await contracted(work)
    with pytest.raises(ContractStands):
        await change_deposit.top_up(work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(9_500)))
    with pytest.raises(ContractStands):
        await change_deposit.set_price(
            work, RepriceDeposit(deposit.deposit_id, 1, Decimal(1000), "…")
        )
    await enter(work, CITY_DIRECTOR)
    with pytest.raises(ContractStands):
        await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 1, Ending.REFUND, "…"))


async def test_a_contract_told_late_revises_the_expiry_b_03(work: Work) -> None:
    deposit = await small(work, Kind.LARGE, "100000", on=work.today - timedelta(days=12))
    await release_objects.expire_due(work, work.today - timedelta(days=1))
    await release_objects.miss_contracts(work, work.today - timedelta(days=1))
    agreement_id = await contracted(work, on=work.today - timedelta(days=3))
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


async def test_whoever_took_the_money_does_not_decide_what_becomes_of_it_b_11(work: Work) -> None:
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
    cut = await change_deposit.set_price(work, command)
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
    agreement_id = await contracted(work, agree=True)
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
    assert await balances(work) == {"bank": 1000, "deposits_held": -500, "deposits_forfeited": -500}
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


async def test_a_contract_before_its_deposit_is_refused_and_stops_no_sweep_b_08(work: Work) -> None:
    day = timedelta(days=1)
    await agreed(work, ELECTRONICS, ROOM, "800000", on=work.today - 3 * day)
    await enter(work, FINANCE)
    await take_deposit.handle(work, taking(on=work.today - day))
    with pytest.raises(Invalid) as caught:
        await contracted(work, on=work.today - 2 * day)
    assert caught.value.pointer == "/signed_on"
    await contracted(work, on=work.today - day)
    assert await apply_deposit.apply_signed(work, work.today) == 1


async def test_customers_that_are_two_again_stop_no_sweep_r_81(work: Work) -> None:
    await take(work, merged(INSURER, ELECTRONICS))
    deposit = await small(work, customer=INSURER, on=work.today - timedelta(days=3))
    await contracted(work, agree=True)
    await take(work, merged(INSURER, None, version=2))
    tomorrow = work.today + timedelta(days=1)
    assert await apply_deposit.apply_signed(work, tomorrow) == 0
    await enter(work, CITY_DIRECTOR)
    closed = await close_deposit.handle(
        work, CloseDeposit(deposit.deposit_id, 1, Ending.REFUND, "…")
    )
    assert closed.state == "refunded"


async def test_a_contract_told_late_is_applied_like_any_other_b_08(work: Work) -> None:
    deposit = await small(work, Kind.LARGE, "100000", on=work.today - timedelta(days=12))
    await release_objects.expire_due(work, work.today - timedelta(days=1))
    agreement_id = await contracted(work, on=work.today - timedelta(days=3))
    await enter(work, CITY_DIRECTOR)
    with pytest.raises(ContractStands):
        await close_deposit.handle(work, CloseDeposit(deposit.deposit_id, 2, Ending.FORFEIT, "…"))
    assert await apply_deposit.apply_signed(work, work.today) == 1
    row = await work.row("SELECT state, agreement_id FROM deposits")
    assert row is not None
    assert (row["state"], row["agreement_id"]) == ("applied", agreement_id)
    await check_books(work)


async def test_a_deposit_larger_than_the_first_instalment_goes_on_to_the_next_b_08(
    work: Work,
) -> None:
    deposit = await deposited(work)
    await enter(work, MANAGER_A)
    parts = tuple(
        Instalment(number, Decimal(amount), date(2026, 6, 30))
        for number, amount in ((1, 15_000), (2, 4_000), (3, 90_000))
    )
    agreement = await sign_agreement.handle(work, signing(instalments=parts))
    await enter(work, FINANCE)
    command = ApplyDeposit(deposit.deposit_id, 1, agreement.agreement_id)
    await apply_deposit.handle(work, command)
    assert await open_items(work) == {"A-1/3": 89_000}
    await check_books(work)


async def test_nothing_is_applied_on_a_day_before_the_contract_b_08(work: Work) -> None:
    deposit = await small(work, on=work.today - timedelta(days=2))
    agreement_id = await contracted(work)
    early = work.today - timedelta(days=1)
    command = ApplyDeposit(deposit.deposit_id, 1, agreement_id, early)
    with pytest.raises(Invalid):
        await apply_deposit.handle(work, command)
