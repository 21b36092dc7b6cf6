"""A whole worker on a real broker: from the stream through the database and out again."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from shared.contracts.envelope import Event
from shared.messaging.cloudevents import Fact, Message, decode
from shared.messaging.consuming import Lane
from shared.messaging.relay import Relay
from shared.service import Runtime
from shared.work import Work
from tests.shared.messaging.conftest import count, drained, taken, working
from tests.support.bus import Bus
from tests.support.messages import observed, revenue
from tests.support.toy import NAME, Toy

FOREIGN = {"amount": "1.00", "currency": "USD"}


async def test_everything_sent_takes_effect_once_and_nothing_stays_unacknowledged(
    process: Runtime, bus: Bus
) -> None:
    messages = [revenue(f"r-{number}") for number in range(300)]
    await bus.send([observed("C-1"), *messages, *messages[:50]])
    async with working(process, bus):
        await drained(process, bus)
    assert sorted(await taken(process)) == sorted(["C-1", *(f"r-{n}" for n in range(300))])


async def test_poison_among_good_facts_blocks_nobody(
    process: Runtime, bus: Bus, toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lane, "_delay", staticmethod(lambda failures: 0.01))

    def explode(work: Work, fact: Fact[Event]) -> None:
        if fact.ref == "poison":
            raise ZeroDivisionError

    toy.interfere = explode
    await bus.send([observed("C-1"), revenue("a"), revenue("poison"), revenue("b")])
    async with working(process, bus):
        await drained(process, bus)
    assert sorted(await taken(process)) == ["C-1", "a", "b"]
    async with process.works.begin() as work:
        codes = await work.rows("SELECT code FROM kit.dead_letters")
    assert [row["code"] for row in codes] == ["handler-failed"]


async def test_a_fact_dressed_as_a_status_of_the_broker_is_a_dead_letter(
    process: Runtime, bus: Bus
) -> None:
    dressed = Message("enterprise.erp.revenue_recorded.v1", {"Status": "404"}, b"")
    await bus.send([dressed, observed("C-1")])
    async with working(process, bus):
        await drained(process, bus)
    assert await taken(process) == ["C-1"]
    assert await count(process, "dead_letters") == 1


async def test_trouble_that_passes_is_tried_until_it_has_passed(
    process: Runtime, bus: Bus, toy: Toy
) -> None:
    failures = iter([True, True, True, True, True])

    def lose_connection(work: Work, fact: Fact[Event]) -> None:
        if next(failures, False):
            raise ConnectionResetError

    toy.interfere = lose_connection
    await bus.send([observed("C-1")])
    async with working(process, bus):
        await drained(process, bus)
    assert await taken(process) == ["C-1"]
    assert await count(process, "dead_letters") == 0


async def test_refusals_leave_through_the_outbox_as_cloud_events(
    process: Runtime, bus: Bus
) -> None:
    await bus.send([revenue("r-1", amount=FOREIGN)])
    async with working(process, bus):
        await drained(process, bus)
    async with bus.stream() as stream:
        stored = await stream.get_msg("DAKEHU", 1)
    assert stored.subject == "dakehu.billing.fact_refused.v1"
    body = orjson.loads(stored.data or b"")
    assert body["source"] == "/dakehu/billing"
    fact = decode(Message(stored.subject, stored.headers or {}, stored.data or b""))
    assert fact.data.model_dump()["code"] == "foreign-currency"


async def test_two_relays_send_every_fact_once(process: Runtime, bus: Bus) -> None:
    messages = [revenue(f"r-{number}", amount=FOREIGN) for number in range(120)]
    for start in range(0, 120, 10):
        await process.receiver.receive(messages[start : start + 10])
    async with bus.client(NAME) as one, bus.client(NAME) as other:
        relays = [
            Relay(NAME, process.engine, bus.connection(NAME), client, *events())
            for client in (one, other)
        ]
        while await count(process, "outbox"):
            await asyncio.gather(*(relay.send_once() for relay in relays))
    assert await bus.stored("DAKEHU") == 120


async def test_a_batch_whose_ack_was_lost_is_not_stored_twice(
    process: Runtime, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.messaging import relay as relay_module

    sends = relay_module.send_atomically

    async def send_and_lose_the_ack(*arguments: object) -> None:
        await sends(*arguments)  # type: ignore[arg-type]  # handed through as it came
        raise ConnectionResetError

    await process.receiver.receive([revenue(f"r-{n}", amount=FOREIGN) for n in range(20)])
    async with bus.client(NAME) as client:
        relay = Relay(NAME, process.engine, bus.connection(NAME), client, *events())
        monkeypatch.setattr(relay_module, "send_atomically", send_and_lose_the_ack)
        with pytest.raises(ConnectionResetError):
            await relay.send_once()
        monkeypatch.undo()
        assert await relay.send_once() == 20
    assert await bus.stored("DAKEHU") == 20


async def test_a_fact_that_the_broker_forbids_is_parked_and_the_others_go_on(
    process: Runtime, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.messaging import relay as relay_module

    monkeypatch.setattr(relay_module, "TIMEOUT_SECONDS", 0.5)
    await process.receiver.receive([revenue(f"r-{n}", amount=FOREIGN) for n in range(3)])
    async with process.works.begin() as work:
        await work.run(
            "UPDATE kit.outbox SET subject = 'dakehu.registry.unit_changed.v1'"
            " WHERE position = (SELECT min(position) FROM kit.outbox)"
        )
    connection = bus.connection(NAME)
    client = await connection.open()
    relay = Relay(NAME, process.engine, connection, client, *events())
    await relay.send_once()
    await connection.close()
    assert await bus.stored("DAKEHU") == 2
    async with process.works.begin() as work:
        parked = await work.rows("SELECT subject, parked_reason FROM kit.outbox")
    assert [row["subject"] for row in parked] == ["dakehu.registry.unit_changed.v1"]
    assert "permission" in parked[0]["parked_reason"]


async def test_a_fact_larger_than_the_broker_takes_is_parked_and_the_others_go_on(
    process: Runtime, bus: Bus
) -> None:
    await process.receiver.receive([revenue(f"r-{n}", amount=FOREIGN) for n in range(3)])
    async with process.works.begin() as work:
        await work.run(
            "UPDATE kit.outbox SET body = convert_to(repeat('x', 2000000), 'UTF8')"
            " WHERE position = (SELECT min(position) FROM kit.outbox)"
        )
    async with bus.client(NAME) as client:
        relay = Relay(NAME, process.engine, bus.connection(NAME), client, *events())
        assert await relay.send_once() == 2
    assert await bus.stored("DAKEHU") == 2
    async with process.works.begin() as work:
        parked = await work.rows("SELECT parked_reason FROM kit.outbox")
    assert len(parked) == 1 and "payload" in parked[0]["parked_reason"]


def events() -> tuple[asyncio.Event, asyncio.Event]:
    return asyncio.Event(), asyncio.Event()
