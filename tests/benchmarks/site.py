"""The whole suite, started as `make run` starts it, with hands to load and to wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
import psycopg
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local.folders import ROOT
from deploy.local.processes import Child, free_port
from deploy.local.suite import Suite
from shared.messaging.broker import Connection
from shared.messaging.relay import Row, send_atomically
from tests.benchmarks.facts import known_world, registry_rows

_BATCH = 500
_SECOND_WORKER_SECONDS = 6.0


@dataclass(slots=True)
class Site:
    """A started suite; refs of revenue are counted so that no run repeats another's."""

    suite: Suite
    next_ref: int = 0
    _second: Child | None = None

    def database_url(self, service: str) -> str:
        """Where the service's database is."""
        return self.suite.environment.variables()[f"{service.upper()}_DATABASE_URL"]

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """A connection to the broker as `user`."""
        variables = self.suite.environment.variables()
        password = variables[f"{user.upper().replace('-', '_')}_NATS_PASSWORD"]
        connection = Connection(variables["NATS_URL"], user, password, exit_when_closed=False)
        client = await connection.open()
        try:
            yield client
        finally:
            await connection.close()

    async def send(self, user: str, rows: Sequence[Row]) -> None:
        """Send `rows` as `user` in atomic batches."""
        async with self.client(user) as client:
            for start in range(0, len(rows), _BATCH):
                await send_atomically(client, rows[start : start + _BATCH])

    async def make_customers_known(self) -> None:
        """Publish units, customers and owners, and wait until every service knows them."""
        await self.send("registry", registry_rows(known_world()))
        for service in ("tiering", "engagement", "billing"):
            await self.drained(service)

    async def drained(self, service: str) -> float:
        """When (perf_counter) the service was first seen with nothing to take, ack or send."""
        async with self.client(service) as client, await self._connected(service) as connection:
            stream = JetStreamContext(client, timeout=10)
            while True:
                seen = time.perf_counter()
                if await _is_idle(stream, service, connection):
                    return seen
                await asyncio.sleep(0.02)

    async def _connected(self, service: str) -> psycopg.AsyncConnection[tuple[object, ...]]:
        url = self.database_url(service)
        return await psycopg.AsyncConnection.connect(url, autocommit=True)

    @asynccontextmanager
    async def paused(self, stream: str, durable: str) -> AsyncIterator[None]:
        """Nothing is delivered on `durable` inside; delivery goes on when the block ends."""
        subject = f"$JS.API.CONSUMER.PAUSE.{stream}.{durable}"
        async with self.client("provisioner") as client:
            until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
            await client.request(subject, orjson.dumps({"pause_until": until}), timeout=5)
            try:
                yield
            finally:
                await client.request(subject, b"{}", timeout=5)

    def stop(self, name: str) -> None:
        """Stop one process, such as `billing-worker`."""
        self.suite.children[name].end()

    def start(self, service: str, process: str) -> None:
        """Start one process again and wait until it is ready."""
        self.suite.launch(service, process)
        self.suite.wait_until_ready([f"{service}-{process}"])

    def launch_second_worker(self, service: str) -> None:
        """One more worker beside the one of the suite."""
        variable = f"{service.upper()}_METRICS_PORT"
        self._second = Child.start(
            [self.suite.environment.python, "-m", f"services.{service}", "worker"],
            log=self.suite.var / "log" / f"{service}-worker-2.log",
            environment=self.suite.environment.variables(**{variable: str(free_port())}),
            folder=ROOT,
        )
        time.sleep(_SECOND_WORKER_SECONDS)

    def stop_second_worker(self) -> None:
        """End it again."""
        assert self._second is not None
        self._second.end()


async def _is_idle(
    stream: JetStreamContext, service: str, connection: psycopg.AsyncConnection[tuple[object, ...]]
) -> bool:
    for name in ("ENTERPRISE", "DAKEHU"):
        info = await stream.consumer_info(name, service)
        if info.num_pending or info.num_ack_pending:
            return False
    cursor = await connection.execute("SELECT EXISTS (SELECT FROM kit.outbox)")
    row = await cursor.fetchone()
    return row is not None and not row[0]
