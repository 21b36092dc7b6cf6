"""The whole suite, started as `make run` starts it, with hands to load, to wait and to measure."""

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

from deploy.local.cast import load_cast
from deploy.local.folders import ROOT
from deploy.local.processes import Child, free_port, is_answering
from deploy.local.suite import SERVICES, Suite
from shared.messaging.broker import Connection
from shared.messaging.relay import Row, send_atomically
from tests.benchmarks.facts import opened_customers

_BATCH = 500


@dataclass(slots=True)
class Site:
    """A started suite; refs of revenue are counted so that no run repeats another's."""

    suite: Suite
    next_ref: int = 0

    async def found(self) -> None:
        """Units, people and customers come in as they would at a site; everybody knows them."""
        await asyncio.to_thread(load_cast, self.suite)
        await self.send("erp", opened_customers())
        for service in SERVICES:
            await self.drained(service)

    def database_url(self, service: str) -> str:
        """Where the service's database is."""
        return self.suite.environment.variables()[f"{service.upper()}_DATABASE_URL"]

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """A connection to the broker as `user`."""
        variables = self.suite.environment.variables()
        password = variables[f"{user.upper()}_NATS_PASSWORD"]
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

    async def drained(self, service: str) -> float:
        """When (perf_counter) the service was first seen with nothing to take, ack or send."""
        url = self.database_url(service)
        connecting = psycopg.AsyncConnection.connect(url, autocommit=True)
        async with self.client(service) as client, await connecting as connection:
            stream = JetStreamContext(client, timeout=10)
            while True:
                seen = time.perf_counter()
                if await _is_idle(stream, service, connection):
                    return seen
                await asyncio.sleep(0.05)

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

    def run_only(self, *names: str) -> None:
        """Of the suite's processes run these (`billing-worker`) and no other."""
        children = self.suite.children
        for name in children.keys() - set(names):
            children[name].end()
        for name in names:
            if not children[name].is_running:
                self.suite.launch(*name.split("-"))
        self.suite.wait_until_ready(names)

    @asynccontextmanager
    async def second_worker(self, service: str) -> AsyncIterator[None]:
        """One more worker beside the one of the suite, inside."""
        port = free_port()
        variables = self.suite.environment.variables(
            **{f"{service.upper()}_METRICS_PORT": str(port)}
        )
        worker = Child.start(
            [self.suite.environment.python, "-m", f"services.{service}", "worker"],
            log=self.suite.var / "log" / f"{service}-worker-2.log",
            environment=variables,
            folder=ROOT,
        )
        try:
            await asyncio.to_thread(wait_for, worker, f"http://127.0.0.1:{port}/health/ready")
            yield
        finally:
            worker.end()


def wait_for(process: Child, url: str) -> None:
    """Return when `url` answers; it is served by `process`, which has to live."""
    while not is_answering(url):
        assert process.is_running, process.last_words()
        time.sleep(0.1)


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
