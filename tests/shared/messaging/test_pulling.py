"""A lane's pull on its durable when the broker, or the durable, is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from shared.messaging.pulling import Pull, PullRefused
from shared.messaging.trouble import is_transient
from tests.support.bus import Bus
from tests.support.messages import revenue
from tests.support.toy import NAME


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


async def test_a_lane_that_asked_in_vain_during_an_outage_gets_no_more_than_a_batch(
    bus: Bus,
) -> None:
    await bus.send([revenue(f"r-{number}") for number in range(100)])
    async with bus.client(NAME) as client, bus.stream(NAME) as stream:
        pull = Pull(client, "ENTERPRISE", NAME)
        await pull.open()
        bus.server.kill()
        await until(lambda: not client.is_connected)
        assert [await pull.fetch(20, 0.1) for _ in range(3)] == [[], [], []]
        await asyncio.to_thread(bus.server.start)
        await until(lambda: client.is_connected)
        assert 0 < len(await pull.fetch(20, 0.1)) <= 20
        assert (await stream.consumer_info("ENTERPRISE", NAME)).num_ack_pending <= 20


async def test_a_missing_durable_is_trouble_that_passes_and_not_an_empty_batch(bus: Bus) -> None:
    async with bus.client(NAME) as client, bus.stream() as stream:
        pull = Pull(client, "ENTERPRISE", NAME)
        await pull.open()
        await stream.delete_consumer("ENTERPRISE", NAME)
        with pytest.raises(PullRefused) as refused:
            await pull.fetch(20, 1.0)
        assert is_transient(refused.value)
        await bus.provision()
        await bus.send([revenue("r-1")])
        assert len(await pull.fetch(20, 1.0)) == 1


async def test_nothing_to_take_is_an_empty_batch(bus: Bus) -> None:
    async with bus.client(NAME) as client:
        pull = Pull(client, "ENTERPRISE", NAME)
        await pull.open()
        assert [await pull.fetch(20, 0.1) for _ in range(2)] == [[], []]
