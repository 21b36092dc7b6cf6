"""Batches about the same customers follow each other: neither stops the other in the database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from services.billing.consumers import CONSUMERS
from services.billing.handlers import hold_accounts
from services.billing.handlers.receivables import raise_charges
from shared.contracts.enterprise import ChargeRaised
from shared.contracts.envelope import Event
from shared.messaging.cloudevents import Fact
from shared.messaging.consumers import Consumers, many
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    cancelled,
    charge,
    check_books,
    merged,
    open_items,
    opening,
    payment,
)
from tests.support.cast import ELECTRONICS, INSURER, Customer
from tests.support.retelling import message_of

_A_WHILE = 1.0


class Meeting:
    """Two batches wait for each other behind their charges, or a while if only one comes there."""

    def __init__(self) -> None:
        self._there = 0
        self._both = asyncio.Event()

    def consumers(self) -> Consumers:
        """Billing's table."""
        rows = (
            many(ChargeRaised, self._raise_and_meet) if row.event is ChargeRaised else row
            for row in CONSUMERS
        )
        return Consumers(*rows, before=hold_accounts.handle)

    async def _raise_and_meet(self, work: Work, facts: list[Fact[ChargeRaised]]) -> None:
        await raise_charges.handle(work, facts)
        self._there += 1
        if self._there == 2:
            self._both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._both.wait(), _A_WHILE)


def paid(customer: Customer) -> Event:
    return payment(customer, f"P-{customer.code}", 10)


def returned(customer: Customer) -> Event:
    return payment(customer, f"PB-{customer.code}", -10, reverses=f"P-0-{customer.code}")


def taken_back(customer: Customer) -> Event:
    return cancelled(f"X-{customer.code}", f"C-0-{customer.code}", "10")


def corrected(customer: Customer) -> Event:
    return opening(customer, f"OB-{customer.code}", -10, reverses=f"O-{customer.code}")


@pytest.mark.parametrize("then", [paid, returned, taken_back, corrected])
async def test_charges_of_one_and_money_of_another_never_meet_those_the_other_way_round_b_34(
    process: Runtime, then: object
) -> None:
    both = ELECTRONICS, INSURER
    await process.receiver.receive(
        [
            message_of(event)
            for each in both
            for event in (
                charge(each, f"C-0-{each.code}", 20),
                payment(each, f"P-0-{each.code}", 10),
                opening(each, f"O-{each.code}", 20),
            )
        ]
    )
    assert callable(then)
    batches = [
        [message_of(charge(one, f"C-1-{one.code}", 100)), message_of(then(other))]
        for one, other in (both, both[::-1])
    ]
    meeting = replace(process.receiver, consumers=Meeting().consumers())
    await asyncio.gather(*(meeting.receive(batch) for batch in batches))
    async with process.works.begin() as work:
        assert {f"C-1-{each.code}" for each in both} <= (await open_items(work)).keys()
        await check_books(work)


async def test_a_merge_and_what_comes_for_both_never_stop_each_other_r_81(
    process: Runtime,
) -> None:
    await process.receiver.receive(
        [message_of(charge(each, f"C-{each.code}", 20)) for each in (ELECTRONICS, INSURER)]
    )
    batches = (
        [message_of(merged(INSURER, ELECTRONICS))],
        [message_of(paid(ELECTRONICS)), message_of(returned(INSURER)), message_of(paid(INSURER))],
        [message_of(corrected(ELECTRONICS)), message_of(taken_back(INSURER))],
    )
    await asyncio.gather(*(process.receiver.receive(batch) for batch in batches))
    async with process.works.begin() as work:
        assert sum((await open_items(work)).values()) == 20
        await check_books(work)
