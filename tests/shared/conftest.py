"""The kit under test in a service that is nothing but the kit."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import psycopg
import pytest
from sqlalchemy import MetaData

from deploy.local.servers import EmbeddedPostgres
from shared.messaging.consumers import Consumers
from shared.migrations.run import upgrade
from shared.service import Runtime, Service, runtime
from shared.settings import Settings
from shared.work import Work
from tests.support.clocks import SetClock
from tests.support.databases import PASSWORD, settings_of

_DATABASE = "kit"
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Band:
    """A part of a policy."""

    from_amount: Decimal
    per_mille: Decimal


@dataclass(frozen=True)
class Interest:
    """A policy as a service would have one."""

    policy_name: ClassVar[str] = "interest"

    grace_days: int
    bands: tuple[Band, ...]
    label: str | None = None

    def __post_init__(self) -> None:
        if self.grace_days < 0:
            raise ValueError("宽限天数不可为负 / grace days are not negative")


def interest(per_mille: str, grace_days: int = 3) -> dict[str, object]:
    """The body of an `Interest` with one band."""
    band = {"from_amount": "0", "per_mille": per_mille}
    return {"grace_days": grace_days, "bands": [band]}


@pytest.fixture(scope="session")
def service() -> Service:
    """A service with tables of the kit only, under the name of a real publisher."""
    return Service(
        name="billing",
        package="tests.support.toy",
        settings=Settings,
        metadata=MetaData(),
        consumers=Consumers(),
        policies=(Interest,),
    )


@pytest.fixture(scope="session")
def kit_template(postgres_server: EmbeddedPostgres, service: Service) -> str:
    """The name of a migrated database that tests copy."""
    postgres_server.provide(_DATABASE, PASSWORD)
    url = postgres_server.url(_DATABASE, _DATABASE, PASSWORD)
    upgrade(settings_of(service, url).sqlalchemy_url, service.package)
    return _DATABASE


@pytest.fixture
def database(postgres_server: EmbeddedPostgres, kit_template: str) -> Iterator[str]:
    """The URL of a database of its own for this test."""
    name = f"{kit_template}_{next(_NUMBERS)}"
    with psycopg.connect(postgres_server.url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kit_template}" OWNER "{_DATABASE}"')
        yield postgres_server.url(name, _DATABASE, PASSWORD)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def settings(service: Service, database: str) -> Settings:
    """Settings for a database of its own."""
    return settings_of(service, database)


@pytest.fixture
async def process(service: Service, settings: Settings, clock: SetClock) -> AsyncIterator[Runtime]:
    """What a process holds; its units of work commit."""
    async with runtime(service, settings, "tests", clock) as opened:
        yield opened


@pytest.fixture
async def work(process: Runtime) -> AsyncIterator[Work]:
    """A unit of work on a database of its own, committed when the test ends."""
    async with process.works.begin() as opened:
        yield opened
