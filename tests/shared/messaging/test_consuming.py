"""What a lane does with a batch that it cannot take."""

from __future__ import annotations

import pytest

from deploy.local.processes import free_port
from shared.messaging.consuming import Lane
from shared.service import Runtime, runtime
from tests.shared.messaging.conftest import drained, taken, working
from tests.support.bus import Bus
from tests.support.clocks import SetClock
from tests.support.messages import observed


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
