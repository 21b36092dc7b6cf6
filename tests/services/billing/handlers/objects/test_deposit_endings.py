"""How deposits end in the books: applied, expired, paid back, kept."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.billing.domain.objects.deposit_refusals import (
    CollectorDecides,
    DepositNotLive,
    NotAuthorised,
)
from services.billing.domain.objects.deposit_terms import DepositTerms
from services.billing.domain.objects.deposits import Kind
from services.billing.handlers.objects import change_deposit, close_deposit, release_objects
from services.billing.handlers.objects.change_deposit import RepriceDeposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from shared import policy
from shared.policy_body import to_json
from shared.work import Work
from tests.services.billing.books import balances, enter, told
from tests.services.billing.handlers.objects.deals import ROOM, small
from tests.support.cast import CITY_DIRECTOR, INSURER, MANAGER_A

CHANGED = "dakehu.billing.deposit_changed.v1"


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
