"""A service under test with real servers and real worker processes, and hands to hurt them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from nats.js.api import AckPolicy, ConsumerConfig

from deploy.local.folders import ROOT
from deploy.local.processes import Child
from shared.messaging.cloudevents import Message
from shared.messaging.draining import is_idle
from shared.messaging.provisioning import Sizes
from shared.service import Runtime, Service
from tests.faults import states
from tests.faults.sending import send_surely
from tests.faults.stories import Telling
from tests.support.bus import Bus
from tests.support.databases import Databases
from tests.support.retelling import State

BATCH = 25
"""Messages in a batch: few, so that a story has many batches to die in."""
ACK_WAIT_SECONDS = 2
STREAM_BYTES = 256 * 1024**2
INTRUDER = "intruder"
"""A user of the broker who may publish anything, as no system may."""
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.03
_TIMES_IDLE = 2
_BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A service that is hurt: its wiring, how it is told and how its state is read."""

    wiring: str
    service: Service
    prefix: str
    """Of its environment variables."""
    tell: Telling
    queries: Mapping[str, str]


@dataclass(slots=True)
class Site:
    """One service with a broker, a database and as many worker processes as a test starts.

    `process` is the test's own look into the database, never the workers'.
    """

    subject: Subject
    bus: Bus
    process: Runtime
    databases: Databases
    folder: Path
    workers: list[Child] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def start_worker(
        self,
        moment: str = "never",
        blow: signal.Signals = signal.SIGKILL,
        *,
        time: int = 1,
        nats_port: int | None = None,
        database_port: int | None = None,
        database_url: str = "",
    ) -> Child:
        """Start a worker process that `blow` hits at `moment`, the `time`-th time that it comes.

        The ports are those of proxies, where the worker is not to reach the servers directly;
        `database_url` names another database than the site's.
        """
        command = [sys.executable, "-m", "tests.faults.dying_worker", self.subject.wiring]
        settings = self.process.settings
        prefix = self.subject.prefix
        environment = {
            "PATH": os.environ["PATH"],
            "NATS_URL": _through(self.bus.server.url, nats_port),
            "SWEEPS": "manual",
            f"{prefix}DATABASE_URL": _through(database_url or settings.database_url, database_port),
            f"{prefix}NATS_PASSWORD": self.bus.password(self.service.name),
            f"{prefix}DATA_KEYS": settings.data_keys.get_secret_value(),
            f"{prefix}BATCH": str(BATCH),
            f"{prefix}ACK_WAIT_SECONDS": "5",
        }
        worker = Child.start(
            [*command, moment, blow.name, str(time)],
            log=self.folder / f"worker-{next(self._numbers)}.log",
            environment=environment,
            folder=ROOT,
        )
        self.workers.append(worker)
        return worker

    @property
    def service(self) -> Service:
        """The service that is hurt."""
        return self.subject.service

    @property
    def nats_port(self) -> int:
        """Where the broker listens, for a proxy."""
        return _port(self.bus.server.url)

    @property
    def database_port(self) -> int:
        """Where the database listens, for a proxy."""
        return _port(self.process.settings.database_url)

    async def died(self, *workers: Child) -> list[int]:
        """The exit codes of `workers`, once they have ended by themselves (-9: SIGKILL)."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            waits = (asyncio.to_thread(worker.process.wait) for worker in workers)
            return list(await asyncio.gather(*waits))

    async def froze(self, worker: Child) -> None:
        """Return when `worker` has been stopped (SIGSTOP)."""
        status = Path(f"/proc/{worker.process.pid}/status")

        async def has_stopped() -> bool:
            return "State:\tT" in await asyncio.to_thread(status.read_text)

        await self._until(has_stopped)

    async def logged(self, worker: Child, text: str) -> None:
        """Return when `worker` has logged `text`."""

        async def is_logged() -> bool:
            return text in await asyncio.to_thread(worker.log.read_text)

        await self._until(is_logged)

    async def blocked(self) -> None:
        """Return when somebody in the database waits for another one's lock."""

        async def somebody_waits() -> bool:
            return bool(await self.value(_BLOCKED))

        await self._until(somebody_waits)

    async def send(self, messages: Sequence[Message], *, user: str | None = None) -> None:
        """Publish `messages` in their order and surely: what is not confirmed is sent again.

        So a lost confirmation is a duplicate in the stream. Who sends is the system of the subject,
        or `user` for all.
        """
        await send_surely(self.bus, messages, user)

    async def settled(self, process: Runtime | None = None) -> None:
        """Return when the service has taken everything, acknowledged it and sent its own facts.

        `process` looks into another database than the site's.
        """
        idle = 0
        engine = (process or self.process).engine
        name, consumers = self.service.name, self.service.consumers
        async with self.bus.stream(self.service.name) as stream:

            async def is_idle_again() -> bool:
                nonlocal idle
                idle = idle + 1 if await is_idle(name, consumers, engine, stream) else 0
                return idle >= _TIMES_IDLE

            await self._until(is_idle_again)

    async def received(self, number: int) -> None:
        """Return when at least `number` messages have been taken."""

        async def is_received() -> bool:
            return await self.value("SELECT count(*) FROM kit.inbox") >= number

        await self._until(is_received)

    async def rewind(self) -> None:
        """Make the service's durables anew, as an operator would: everything is delivered again."""
        name = self.service.name
        async with self.bus.stream() as stream:
            for each in self.bus.topology.durables[name]:
                await stream.delete_consumer(each, name)
        await self.provision()

    async def provision(self, max_bytes: int = STREAM_BYTES) -> list[str]:
        """Declare streams and durables with a short time to acknowledge; what was done."""
        sizes = Sizes(max_bytes=max_bytes, ack_wait_seconds=ACK_WAIT_SECONDS)
        return await self.bus.provision(sizes)

    async def value(self, query: str) -> int:
        """The number that `query` answers."""
        async with self.process.works.begin() as work:
            return int(await work.value(query))

    async def state(self) -> State:
        """What the service has made of its facts."""
        return await states.state_of(self.process, self.subject.queries)

    async def published(self) -> list[dict[str, Any]]:
        """What the service has published on the bus, in the stream's order (without times)."""
        source = f"/dakehu/{self.service.name}"
        facts = [orjson.loads(message.body) for message in await self.stored("DAKEHU")]
        return [fact for fact in facts if fact["source"] == source]

    async def stored(self, stream_name: str) -> list[Message]:
        """Every message of a stream, from its start."""
        async with self.bus.stream() as stream:
            held = (await stream.stream_info(stream_name)).state.messages
            pull = await stream.pull_subscribe(
                "", stream=stream_name, config=ConsumerConfig(ack_policy=AckPolicy.NONE)
            )
            messages: list[Message] = []
            while len(messages) < held:
                messages += [
                    Message(each.subject, each.headers or {}, each.data)
                    for each in await pull.fetch(500, timeout=5)
                ]
            return messages

    def last_words(self) -> str:
        """The end of every worker's log."""
        return "\n\n".join(worker.last_words() for worker in self.workers)

    def end(self) -> None:
        """End the workers and the broker."""
        for worker in self.workers:
            worker.kill()
        self.bus.server.remove()

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Ask again and again whether it `holds`, as long as a worker is left and it makes sense.

        Raises AssertionError with the last words of the workers.
        """
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            if await holds():
                return
            assert any(worker.is_running for worker in self.workers), self.last_words()
            assert asyncio.get_running_loop().time() < deadline, self.last_words()
            await asyncio.sleep(_LOOK_SECONDS)


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None, "the servers of the tests listen on ports of their own"
    return port


def _through(url: str, port: int | None) -> str:
    """`url` with the port of a proxy."""
    return url if port is None else url.replace(f":{_port(url)}", f":{port}")
