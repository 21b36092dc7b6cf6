"""Two transactions at once, one of them held open at a chosen moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from enum import StrEnum

import pytest

from shared.messaging.cloudevents import Message
from shared.service import Runtime
from shared.work import Work

_PATIENCE_SECONDS = 20
_LOOK_SECONDS = 0.01
_BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Moment(StrEnum):
    """Where a transaction can be held."""

    DECIDED = "decided"
    """The handlers are done; what they published or left waiting is not written yet."""
    WRITTEN = "written"
    """Everything is written, only the commit is missing."""


class Hold:
    """Stops whoever comes by until it is released."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._reached = asyncio.Event()
        self._released = asyncio.Event()

    async def reached(self) -> None:
        """Return when the transaction has come to the moment and stands still."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._reached.wait()

    def release(self) -> None:
        """Let it go on."""
        self._released.set()

    async def stop(self, moment: Moment) -> None:
        """Stand still if this is the moment."""
        if moment is self._moment:
            self._reached.set()
            await self._released.wait()


_hold: ContextVar[Hold | None] = ContextVar("hold", default=None)


class Interleaving:
    """Takes batches of messages in transactions of their own that overlap."""

    def __init__(self, process: Runtime) -> None:
        self._process = process

    async def overlap(
        self, earlier: Sequence[Message], later: Sequence[Message], moment: Moment
    ) -> None:
        """Take `later` while the transaction of `earlier` is held open at `moment`.

        It is released when `later` waits for it in the database, and both then commit. Raises
        TimeoutError when `later` does not have to wait.
        """
        hold = Hold(moment)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._receive(earlier, hold))
            await hold.reached()
            both.create_task(self._receive(later, None))
            await self.blocked()
            hold.release()

    async def _receive(self, messages: Sequence[Message], hold: Hold | None) -> None:
        _hold.set(hold)
        await self._process.receiver.receive(messages)

    async def blocked(self) -> None:
        """Return when somebody in the database waits for another one's lock."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                async with self._process.works.begin() as work:
                    if await work.value(_BLOCKED):
                        return
                await asyncio.sleep(_LOOK_SECONDS)


def interleaving_of(process: Runtime, monkeypatch: pytest.MonkeyPatch) -> Interleaving:
    """Overlapping transactions on the database of `process`."""
    finish = Work.finish

    async def finish_when_released(work: Work) -> None:
        hold = _hold.get()
        if hold is not None:
            await hold.stop(Moment.DECIDED)
        await finish(work)
        if hold is not None:
            await hold.stop(Moment.WRITTEN)

    monkeypatch.setattr(Work, "finish", finish_when_released)
    return Interleaving(process)
