"""A worker keeps house through trouble that passes, and not through mistakes of ours."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy.exc
from nats.aio.client import Client
from structlog.testing import capture_logs

from shared import housekeeping
from shared.service import Runtime, runtime


async def test_a_database_that_is_away_is_waited_for(
    process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "_MEASURE_SECONDS", 0.01)
    nowhere = process.settings.model_copy(update={"database_url": "postgresql://x@127.0.0.1:1/x"})
    stopping = asyncio.Event()
    async with runtime(process.service, nowhere, "tests") as cut_off:
        with capture_logs() as logs:
            keeping = asyncio.create_task(housekeeping.keep_house(cut_off, Client(), stopping))
            async with asyncio.timeout(20):
                while True:
                    if len(logs) >= 2 or keeping.done():
                        break
                    await asyncio.sleep(0.01)
            stopping.set()
            await keeping
    assert {each["event"] for each in logs} == {"housekeeping waits"}


async def test_a_mistake_of_ours_ends_it_so_that_the_worker_is_restarted(process: Runtime) -> None:
    async with process.works.begin() as work:
        await work.run("DROP TABLE kit.waiting")
    with pytest.raises(sqlalchemy.exc.ProgrammingError):
        await housekeeping.keep_house(process, Client(), asyncio.Event())
