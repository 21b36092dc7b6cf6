"""The toy service on a database of its own."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from deploy.local.servers import EmbeddedPostgres
from shared.messaging import dead_letters, fates
from shared.messaging.draining import drain
from shared.messaging.topology import derive
from shared.migrations.run import upgrade
from shared.service import Runtime, Service, runtime
from shared.settings import Settings
from shared.worker import Worker
from tests.support.bus import GRANTS, Bus, start_bus
from tests.support.clocks import SetClock
from tests.support.databases import PASSWORD, settings_of
from tests.support.servers import NatsServer
from tests.support.toy import NAME, Toy

_NUMBERS = itertools.count()


@pytest.fixture
def toy() -> Toy:
    """The toy whose service is under test; tests set `toy.interfere`."""
    return Toy()


@pytest.fixture
def service(toy: Toy) -> Service:
    """The service under test."""
    return toy.service()


@pytest.fixture(scope="session")
def toy_template(postgres_server: EmbeddedPostgres) -> str:
    """A migrated database of the toy, to be copied."""
    postgres_server.provide("toy", PASSWORD)
    url = postgres_server.url("toy", "toy", PASSWORD)
    settings = settings_of(Toy().service(), url)
    upgrade(settings.sqlalchemy_url, "tests.support.toy")
    return "toy"


@pytest.fixture
def database(postgres_server: EmbeddedPostgres, toy_template: str) -> Iterator[str]:
    """The URL of a fresh copy of the toy's database."""
    name = f"toy_{next(_NUMBERS)}"
    with psycopg.connect(postgres_server.url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{toy_template}" OWNER toy')
        yield postgres_server.url(name, "toy", PASSWORD)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def settings(service: Service, database: str) -> Settings:
    """Settings of the toy on its own database."""
    return settings_of(service, database)


@pytest.fixture
async def process(service: Service, settings: Settings, clock: SetClock) -> AsyncIterator[Runtime]:
    """What a process of the toy holds; its units of work commit."""
    async with runtime(service, settings, "tests", clock) as opened:
        yield opened


async def taken(process: Runtime) -> list[str]:
    """The refs that took effect, in order; one that took effect twice is there twice."""
    async with process.works.begin() as work:
        rows = await work.rows("SELECT ref FROM taken ORDER BY position")
    return [row["ref"] for row in rows]


async def count(process: Runtime, table: str) -> int:
    """How many rows `table` of schema kit has."""
    async with process.works.begin() as work:
        return int(await work.value(f"SELECT count(*) FROM kit.{table}"))


async def letters(process: Runtime) -> list[str]:
    """The codes of the open letters, oldest first."""
    async with process.works.begin() as work:
        return [row["code"] for row in await dead_letters.listing(work)]


async def fate_of(process: Runtime, ref: str) -> str:
    """What became of a piece of revenue."""
    async with process.works.begin() as work:
        return str((await fates.fate(work, "erp", "revenue_recorded", ref))["state"])


@pytest.fixture
async def bus(
    service: Service, new_nats_server: Callable[[str, str], NatsServer]
) -> AsyncIterator[Bus]:
    """A broker of its own with the toy's streams, durables and users."""
    started = await start_bus(new_nats_server, f"bus-{next(_NUMBERS)}", derive([service], GRANTS))
    yield started
    started.server.remove()


@asynccontextmanager
async def working(process: Runtime, bus: Bus) -> AsyncIterator[Worker]:
    """A worker of the toy, running."""
    worker = Worker(process, bus.connection(NAME))
    async with worker.lifespan():
        yield worker


async def drained(process: Runtime, bus: Bus) -> None:
    """Wait until the toy has taken and sent everything."""
    async with bus.stream(NAME) as stream, asyncio.timeout(30):
        await drain(NAME, process.service.consumers, process.engine, stream)
