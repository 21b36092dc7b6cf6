"""Facts that wait, and what makes them known in the very same transaction."""

from __future__ import annotations

import pytest

from shared.contracts.enterprise import CustomerObserved, RevenueRecorded
from shared.errors import Conflict
from shared.messaging import fates
from shared.messaging.cloudevents import Fact, Message
from shared.messaging.consumers import Consumers, each, many
from shared.service import Runtime, Service
from shared.work import Work
from tests.shared.messaging.conftest import count, taken
from tests.support.messages import observed, revenue
from tests.support.toy import Toy


def reversal(ref: str, of: str, *, code: str = "C-1") -> Message:
    return revenue(ref, code=code, reverses={"type": "revenue_recorded", "ref": of})


async def note(work: Work, ref: str) -> None:
    await work.run("INSERT INTO taken (ref) VALUES (:ref)", {"ref": ref})


async def is_known(work: Work, ref: str) -> bool:
    return bool(await work.value("SELECT true FROM taken WHERE ref = :ref", ref=ref))


async def take(work: Work, facts: list[Fact[RevenueRecorded]]) -> None:
    """Revenue waits for its customer, and what takes back waits for its original."""
    for fact in facts:
        code, original = fact.data.customer.code or "", fact.data.reverses
        await work.refer("customer", [code])
        if not await is_known(work, code):
            work.wait(fact, "customer", code)
            continue
        if original is not None:
            await work.refer("revenue", [original.ref])
            if not await is_known(work, original.ref):
                work.wait(fact, "revenue", original.ref)
                continue
        await note(work, fact.data.ref)
        await work.settle("revenue", [fact.data.ref])
        if fact.data.ref == "disliked":
            raise Conflict("不收", "not wanted")


async def observe(work: Work, fact: Fact[CustomerObserved]) -> None:
    await note(work, fact.data.ref)
    await work.settle("customer", [fact.data.ref])


@pytest.fixture
def service(toy: Toy) -> Service:
    """The toy, but whoever waits comes first in the table."""
    consumers = Consumers(many(RevenueRecorded, take), each(CustomerObserved, observe))
    made = toy.service()
    return Service(made.name, made.package, made.settings, made.metadata, consumers)


async def fate_of(process: Runtime, ref: str) -> str:
    async with process.works.begin() as work:
        return str((await fates.fate(work, "erp", "revenue_recorded", ref))["state"])


async def test_what_becomes_known_later_in_the_same_batch_wakes_who_waits_in_it(
    process: Runtime,
) -> None:
    await process.receiver.receive([revenue("r-1"), observed("C-1")])
    assert await taken(process) == ["C-1", "r-1"]
    assert await count(process, "waiting") == 0
    assert await fate_of(process, "r-1") == "accepted"


async def test_what_was_woken_wakes_who_began_to_wait_in_the_same_batch(process: Runtime) -> None:
    await process.receiver.receive([observed("C-1"), revenue("r-1", code="C-2")])
    await process.receiver.receive([reversal("r-2", "r-1"), observed("C-2")])
    assert await taken(process) == ["C-1", "C-2", "r-1", "r-2"]
    assert await count(process, "waiting") == 0


async def test_what_was_woken_and_must_wait_again_waits_on(process: Runtime) -> None:
    await process.receiver.receive([reversal("r-2", "r-1"), observed("C-1")])
    assert await taken(process) == ["C-1"]
    assert await fate_of(process, "r-2") == "waiting"
    await process.receiver.receive([revenue("r-1")])
    assert await taken(process) == ["C-1", "r-1", "r-2"]
    assert await fate_of(process, "r-2") == "accepted"


async def test_who_waits_stays_waiting_when_what_would_wake_it_is_undone(
    process: Runtime,
) -> None:
    await process.receiver.receive([observed("C-1"), revenue("disliked", code="C-2")])
    await process.receiver.receive([reversal("r-2", "disliked"), observed("C-2")])
    assert await taken(process) == ["C-1", "C-2"]
    assert await fate_of(process, "disliked") == "refused"
    assert await fate_of(process, "r-2") == "waiting"
    assert await count(process, "waiting") == 1
