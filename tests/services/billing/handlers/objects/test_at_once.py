"""Many want the same object at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from services.billing.domain.objects.deposits import Deposit
from services.billing.handlers.objects import close_deposit, take_deposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from shared.errors import Refusal
from shared.identifiers import new_id
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import agreed, balances, enter
from tests.services.billing.handlers.objects.deals import ROOM, small, taking
from tests.support.cast import CITY_DIRECTOR, ELECTRONICS, FINANCE, INSURER


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
