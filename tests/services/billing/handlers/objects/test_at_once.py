"""Many want the same object at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.domain.objects.agreement_refusals import RegistrationNumberTaken
from services.billing.domain.objects.agreements import Agreement
from services.billing.domain.objects.deposit_refusals import ObjectReserved
from services.billing.domain.objects.deposits import Deposit
from services.billing.domain.objects.preliminary_agreements import NotSignedByAll
from services.billing.handlers.objects import (
    cancel_agreement,
    change_deposit,
    close_deposit,
    register_sale,
    sign_agreement,
    take_deposit,
)
from services.billing.handlers.objects.cancel_agreement import CancelAgreement
from services.billing.handlers.objects.change_deposit import UpgradeDeposit
from services.billing.handlers.objects.close_deposit import CloseDeposit, Ending
from services.billing.handlers.objects.register_sale import RegisterSale
from services.billing.storage.objects import agreements, deposits
from shared.errors import Refusal
from shared.identifiers import new_id
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import agreed, balances, enter
from tests.services.billing.handlers.objects.deals import (
    ROOM,
    contracted,
    signed,
    signing,
    small,
    taking,
)
from tests.support.cast import CITY_DIRECTOR, ELECTRONICS, FINANCE, INSURER, MANAGER_A
from tests.support.interleaving import Interleaving


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


async def test_nobody_signs_over_a_deposit_that_is_being_topped_up_b_11(process: Runtime) -> None:
    async with process.works.begin() as work:
        await agreed(work, INSURER, ROOM, "800000")
        deposit = await small(work)

    async def top_up(work: Work) -> Deposit:
        await enter(work, FINANCE)
        return await change_deposit.top_up(
            work, UpgradeDeposit(deposit.deposit_id, 1, Decimal(20_000))
        )

    outcomes = await _while_the_first_is_open(
        process, top_up, lambda work: contracted(work, INSURER)
    )
    assert isinstance(outcomes[1], ObjectReserved)


async def test_who_signs_while_his_deposit_is_paid_back_waits_and_is_refused_b_05_b_11(
    process: Runtime,
) -> None:
    async with process.works.begin() as work:
        deposit = await small(work)
    begun = asyncio.Event()

    async def pay_back(work: Work) -> Deposit:
        await enter(work, CITY_DIRECTOR)
        await deposits.held(work, deposit.deposit_id)
        begun.set()
        await Interleaving(process).blocked()
        command = CloseDeposit(deposit.deposit_id, 1, Ending.REFUND, "…")
        return await close_deposit.handle(work, command)

    async def sign(work: Work) -> UUID:
        await begun.wait()
        return await contracted(work)

    outcomes = await asyncio.gather(_outcome(process, pay_back), _outcome(process, sign))
    assert isinstance(outcomes[0], Deposit)
    assert isinstance(outcomes[1], NotSignedByAll), "its agreement ended with the deposit"


async def test_who_sells_what_is_being_cancelled_waits_for_it_b_11(process: Runtime) -> None:
    async with process.works.begin() as work:
        agreement = await signed(work)
    begun = asyncio.Event()

    async def cancel(work: Work) -> object:
        await enter(work, CITY_DIRECTOR)
        await agreements.held(work, agreement.agreement_id)
        begun.set()
        await Interleaving(process).blocked()
        return await cancel_agreement.handle(work, CancelAgreement(agreement.agreement_id, 1, "…"))

    async def sign(work: Work) -> object:
        await begun.wait()
        await enter(work, MANAGER_A)
        return await sign_agreement.handle(work, signing("A-2"))

    outcomes = await asyncio.gather(_outcome(process, cancel), _outcome(process, sign))
    assert isinstance(outcomes[0], Agreement)
    assert isinstance(outcomes[1], NotSignedByAll)


async def test_of_two_sales_registered_at_once_under_a_number_one_is_b_09(process: Runtime) -> None:
    async with process.works.begin() as work:
        first = await signed(work)
        await agreed(work, ELECTRONICS, "B1-2-302", "109000")
        await enter(work, MANAGER_A)
        second = await sign_agreement.handle(work, signing("A-2", object_code="B1-2-302"))

    def registering(agreement: Agreement) -> Callable[[Work], Awaitable[object]]:
        async def register(work: Work) -> object:
            await enter(work, MANAGER_A)
            return await register_sale.handle(work, RegisterSale(agreement.agreement_id, 1, "备-1"))

        return register

    outcomes = await _while_the_first_is_open(process, registering(first), registering(second))
    assert isinstance(outcomes[1], RegistrationNumberTaken)


async def test_the_database_itself_keeps_one_live_deposit_per_object(work: Work) -> None:
    await small(work)
    again = (
        "INSERT INTO deposits SELECT :id, chain_id, customer_key, object_code, kind, state, amount,"
        " chain_amount, price, taken_on, valid_until_on, contract_due_on, policy_version, version"
        " FROM deposits"
    )
    with pytest.raises(Exception, match="deposits_one_live_chain"):
        await work.run(again, {"id": new_id()})


async def _while_the_first_is_open(
    process: Runtime,
    first: Callable[[Work], Awaitable[object]],
    second: Callable[[Work], Awaitable[object]],
) -> list[object]:
    """What becomes of both when `second` comes before `first` has committed, and waits for it."""
    done = asyncio.Event()

    async def hold_open(work: Work) -> object:
        outcome = await first(work)
        done.set()
        await Interleaving(process).blocked()
        return outcome

    async def after(work: Work) -> object:
        await done.wait()
        return await second(work)

    return list(await asyncio.gather(_outcome(process, hold_open), _outcome(process, after)))


async def _outcome(process: Runtime, act: Callable[[Work], Awaitable[object]]) -> object:
    try:
        async with process.works.begin() as work:
            return await act(work)
    except Refusal as refusal:
        return refusal


async def _commits(process: Runtime, act: Callable[[Work], Awaitable[object]]) -> bool:
    return not isinstance(await _outcome(process, act), Refusal)
