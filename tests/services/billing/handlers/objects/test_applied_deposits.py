"""Deposits and the contracts that they are set against."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.agreement_refusals import AnotherAgreement, ContractTooLate
from services.billing.domain.objects.deposit_refusals import ContractStands, DepositNotLive
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
from shared.errors import Invalid
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


async def test_a_deposit_is_applied_to_the_agreement_of_its_own_object_b_08(work: Work) -> None:
    other = await small(work, room="B1-2-999")
    agreement_id = await contracted(work, agree=True)
    with pytest.raises(AnotherAgreement):
        await apply_deposit.handle(work, ApplyDeposit(other.deposit_id, 1, agreement_id))


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
