"""What a lane does with a batch that it cannot take."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from deploy.local.processes import free_port
from shared.contracts.envelope import Event
from shared.messaging.cloudevents import Fact
from shared.messaging.consuming import Lane
from shared.service import Runtime, runtime
from shared.work import Work
from tests.shared.messaging.conftest import drained, taken, working
from tests.support.bus import Bus
from tests.support.clocks import SetClock
from tests.support.messages import observed
from tests.support.toy import NAME, Toy


async def test_a_fact_that_was_put_back_does_not_wait_for_the_rest_of_its_batch(
    process: Runtime, bus: Bus, toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([True, True])

    def fail_twice(work: Work, fact: Fact[Event]) -> None:
        if fact.ref == "C-bad" and next(failures, False):
            raise ZeroDivisionError

    toy.interfere = fail_twice
    monkeypatch.setattr(Lane, "_delay", staticmethod(lambda failures: 0.5))
    await bus.send([observed("C-bad"), observed("C-slow")])
    async with bus.client(NAME) as client:
        stopping, committed = asyncio.Event(), asyncio.Event()
        lane = Lane(client, "ENTERPRISE", NAME, process.receiver, 10, 0.3, stopping, committed)
        async with process.engine.begin() as holding:
            await holding.execute(text("INSERT INTO observed VALUES ('C-slow')"))
            at_work = asyncio.create_task(lane.run())
            await asyncio.sleep(1.5)  # the bad one is put back, the slow one is in hand
        async with asyncio.timeout(10):
            while True:
                if await taken(process) == ["C-slow", "C-bad"]:
                    break
                await asyncio.sleep(0.1)
        stopping.set()
        await at_work


async def test_a_worker_without_its_database_leaves_the_facts_to_the_others(
    process: Runtime, bus: Bus, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [f"C-{number}" for number in range(50)]
    nowhere = f"postgresql://nobody:nothing@127.0.0.1:{free_port()}/nothing"
    settings = process.settings.model_copy(update={"database_url": nowhere})
    async with runtime(process.service, settings, "tests", clock) as cut_off:
        monkeypatch.setattr(Lane, "_delay", staticmethod(lambda failures: 3600.0))
        async with working(cut_off, bus):
            await bus.send([observed(code) for code in codes])
            async with working(process, bus):
                await drained(process, bus)
    assert sorted(await taken(process)) == sorted(codes)
