"""Batches of the toy that overlap: one waits for the other, or the database decides who goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from shared.contracts.enterprise import CustomerObserved, RevenueRecorded
from shared.messaging.cloudevents import Fact
from shared.messaging.consumers import Consumers, each, many
from shared.messaging.trouble import is_transient
from shared.service import Runtime, Service
from shared.work import Work
from tests.faults import states
from tests.faults.states import state_of
from tests.support.interleaving import Interleaving, Moment
from tests.support.messages import observed, revenue
from tests.support.toy import Toy

at_every_moment = pytest.mark.parametrize("moment", list(Moment))


class MeetingToy(Toy):
    """The toy, but two transactions meet after their customers and before their revenue."""

    def consumers(self) -> Consumers:
        """Its table."""
        meeting = asyncio.Barrier(2)

        async def observe_and_meet(work: Work, fact: Fact[CustomerObserved]) -> None:
            await self._observe(work, fact)
            await meeting.wait()

        return Consumers(
            each(CustomerObserved, observe_and_meet), many(RevenueRecorded, self._take)
        )


@pytest.fixture
def service() -> Service:
    """The service under test."""
    return Toy().service()


async def test_of_two_batches_that_wait_for_each_other_one_goes_again_and_nothing_is_lost(
    process: Runtime,
) -> None:
    batches = (
        [observed("C-1"), revenue("r-2", code="C-2")],
        [observed("C-2"), revenue("r-1", code="C-1")],
    )
    meeting = replace(process.receiver, consumers=MeetingToy().consumers())
    failures = await asyncio.gather(
        *(meeting.receive(batch) for batch in batches), return_exceptions=True
    )
    (failure,) = [each for each in failures if each is not None]
    assert is_transient(failure), "a deadlock passes by itself"
    await process.receiver.receive(batches[failures.index(failure)])
    await assert_all_taken(process, "C-1", "C-2", "r-1", "r-2")


@at_every_moment
@pytest.mark.parametrize("comes_first", ["who waits", "what resolves it"])
async def test_a_fact_that_waits_and_the_one_that_resolves_it_never_miss_each_other(
    process: Runtime, interleaving: Interleaving, moment: Moment, comes_first: str
) -> None:
    one, other = [revenue("r-1")], [observed("C-1")]
    if comes_first == "who waits":
        await interleaving.overlap(one, other, moment)
    else:
        await interleaving.overlap(other, one, moment)
    await assert_all_taken(process, "C-1", "r-1")


@at_every_moment
async def test_the_same_fact_in_two_transactions_at_once_counts_once(
    process: Runtime, interleaving: Interleaving, moment: Moment
) -> None:
    await interleaving.overlap([observed("C-1")], [observed("C-1")], moment)
    await assert_all_taken(process, "C-1")


@at_every_moment
async def test_the_same_number_under_two_event_ids_at_once_counts_once(
    process: Runtime, interleaving: Interleaving, moment: Moment
) -> None:
    await process.receiver.receive([observed("C-1")])
    await interleaving.overlap([revenue("r-1", id="a")], [revenue("r-1", id="b")], moment)
    await assert_all_taken(process, "C-1", "r-1")


async def assert_all_taken(process: Runtime, *numbers: str) -> None:
    state = await state_of(process, states.TOY)
    assert [ref for (ref,) in state["taken"]] == sorted(numbers)
    assert state["waiting"] == []
