"""The worker process: lanes, relay and sweeps, and the probes that operators ask.

On SIGTERM readiness goes off, the batches in hand are finished, committed and acknowledged, and
the process leaves within 25 seconds. A part that dies takes the process with it, so that it is
restarted instead of limping.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from faststream.asgi import AsgiFastStream, AsgiResponse, get
from faststream.asgi.types import Scope
from nats.aio.client import Client
from prometheus_client import make_asgi_app

from shared import collector, sweeps, telemetry
from shared.housekeeping import keep_house
from shared.logs import get_logger
from shared.messaging.broker import Connection
from shared.messaging.consuming import Lane
from shared.messaging.relay import Relay
from shared.messaging.topology import STREAMS
from shared.readiness import is_ready
from shared.service import Runtime, Service, runtime
from shared.settings import Settings

log = get_logger(__name__)

STOP_SECONDS = 16
RELAY_STOP_SECONDS = 5


async def run(service: Service, settings: Settings) -> None:
    """Run one worker until SIGTERM or Ctrl-C."""
    flush_traces = telemetry.configure(service.name, "worker")
    async with runtime(service, settings, "worker") as process:
        connection = Connection(
            settings.nats_url,
            service.name,
            settings.nats_password.get_secret_value(),
            exit_when_closed=True,
        )
        worker = Worker(process, connection)
        app = AsgiFastStream(
            connection.broker,
            lifespan=worker.lifespan,
            on_shutdown=(worker.finish,),  # before the broker is left; a lifespan ends after it
            logger=None,
            asgi_routes=[
                ("/health/live", _answer_live),
                ("/health/ready", get(worker.answer_ready)),
                ("/metrics", make_asgi_app()),
                ("/metrics/", make_asgi_app()),
            ],
        )
        collector.keep_what_is_loaded()
        await app.run(
            run_extra_options={
                "host": settings.http_host,
                "port": settings.metrics_port,
                "access_log": "false",  # a string, as FastStream's own command line hands it over
                "log_config": None,
            }
        )
    flush_traces()


class Worker:
    """The tasks of one worker and the order in which they start and stop."""

    def __init__(self, process: Runtime, connection: Connection) -> None:
        self._process = process
        self._connection = connection
        self._stopping = asyncio.Event()
        self._nothing_more_to_send = asyncio.Event()
        self._committed = asyncio.Event()
        self._parts_at_work: list[asyncio.Task[None]] = []
        self._relay_at_work: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Connect, start every part, and on leaving let each finish what it has in hand."""
        client = await self._connection.open()
        self._parts_at_work = [self._start(part) for part in self._parts(client)]
        self._relay_at_work = [self._start(self._relay(client).run())]
        log.info("worker started", parts=len(self._parts_at_work) + 1)
        try:
            yield
        finally:
            await self.finish()

    async def finish(self) -> None:
        """Let every part finish what it has in hand, then the relay send it; leave the broker."""
        if self._nothing_more_to_send.is_set():
            return
        self._stopping.set()
        cut_off = await _ended(self._parts_at_work, STOP_SECONDS)
        self._nothing_more_to_send.set()
        cut_off += await _ended(self._relay_at_work, RELAY_STOP_SECONDS)
        await self._connection.close()
        log.info("worker stopped", cut_off=cut_off)

    def _start(self, part: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.create_task(self._guarded(part))

    def _parts(self, client: Client) -> list[Coroutine[Any, Any, None]]:
        service, settings = self._process.service, self._process.settings
        parts = [
            Lane(
                client,
                stream,
                service.name,
                self._process.receiver,
                settings.batch,
                settings.ack_wait_seconds,
                self._stopping,
                self._committed,
            ).run()
            for stream in STREAMS
            if service.consumers.subjects(stream)
            for _ in range(settings.lanes)
        ]
        parts.append(keep_house(self._process, client, self._stopping))
        if settings.sweeps == "auto":
            parts.append(sweeps.keep_up(self._process.works, service.sweeps, self._stopping))
        return parts

    def _relay(self, client: Client) -> Relay:
        return Relay(
            self._process.service.name,
            self._process.engine,
            self._connection,
            client,
            self._nothing_more_to_send,
            self._committed,
        )

    async def _guarded(self, part: Coroutine[Any, Any, None]) -> None:
        try:
            await part
        except Exception:  # whatever it is, a worker that lacks a part does not limp on
            log.exception("a part of the worker died; leaving so that we are restarted")
            os.kill(os.getpid(), signal.SIGTERM)

    async def answer_ready(self, scope: Scope) -> AsgiResponse:
        """200 while work is taken: not stopping, database at its newest state, broker reached."""
        connected = await self._connection.broker.ping(timeout=2.0)
        ready = not self._stopping.is_set() and connected and await is_ready(self._process)
        return AsgiResponse(b"ready" if ready else b"not ready", 200 if ready else 503)


async def _ended(tasks: Sequence[asyncio.Task[None]], seconds: float) -> int:
    """Wait for `tasks`; those that are late are cut off, and counted."""
    if not tasks:
        return 0
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    return len(late)


@get
async def _answer_live(scope: Scope) -> AsgiResponse:
    return AsgiResponse(b"live", 200)
