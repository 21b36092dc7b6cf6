"""Databases of the services under test, on the real PostgreSQL.

Each service is migrated once per test process, the cast and the default preset are loaded, and the
result serves as template: a test that commits gets a copy of its own, the others roll back.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from deploy.local.servers import EmbeddedPostgres
from shared import presets
from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer
from shared.clock import Clock
from shared.crypto import new_key
from shared.migrations.run import upgrade
from shared.service import Runtime, runtime
from shared.settings import Settings
from tests.support import cast
from tests.support.clocks import TEST_BEGINS_AT, SetClock

if TYPE_CHECKING:
    from shared.service import Service

PASSWORD = "in-tests-only"
DEFAULT_PRESET = "guangdong-post-2005"


@dataclass
class Databases:
    """The databases of one test process."""

    server: EmbeddedPostgres
    _ready: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def template(self, service: Service) -> str:
        """The URL of the service's own database: migrated, with the cast and the preset."""
        name = _name(service)
        if name not in self._ready:
            self.server.provide(name, PASSWORD)
            url = self.server.url(name, name, PASSWORD)
            settings = settings_of(service, url)
            upgrade(settings.sqlalchemy_url, service.package)
            async with runtime(service, settings, "tests", SetClock(TEST_BEGINS_AT)) as process:
                await _furnish(process)
            self._ready[name] = url
        return self._ready[name]

    def shared_copy(self, service: Service) -> str:
        """The URL of the copy that all tests share that roll back."""
        return self._copy(service, f"{_name(service)}_shared")

    @contextmanager
    def copy(self, service: Service) -> Iterator[str]:
        """The URL of a fresh copy of the template, which must be ready; dropped with the block."""
        name = f"{_name(service)}_{next(self._numbers)}"
        yield self._copy(service, name)
        with psycopg.connect(self.server.url(), autocommit=True) as server:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))

    def _copy(self, service: Service, name: str) -> str:
        template = _name(service)
        copy = sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {template}")
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        with psycopg.connect(self.server.url(), autocommit=True) as server:
            server.execute(copy.format(**names))
        return self.server.url(name, template, PASSWORD)


def _name(service: Service) -> str:
    """The database and the role of a service: `billing`, or `toy_billing` for one of the tests."""
    parent, _, last = service.package.rpartition(".")
    return last if parent == "services" else f"{last}_{service.name}"


def settings_of(service: Service, database_url: str, **others: object) -> Settings:
    """Settings of `service` for tests, with fresh secrets; `others` replaces any of them."""
    return service.settings.model_validate(
        {
            "database_url": database_url,
            "nats_url": "nats://127.0.0.1:1",
            "nats_password": PASSWORD,
            "data_keys": new_key(),
            "mark_keys": new_key(),
            "environment": "development",
            "sweeps": "manual",
            **others,
        }
    )


async def _furnish(process: Runtime) -> None:
    service = process.service
    async with process.works.begin() as work:
        await cast.seed(work)
        if DEFAULT_PRESET in presets.names(service.package):
            preset = presets.shipped(service.package, DEFAULT_PRESET, service.policies)
            await presets.load(work, preset)


@pytest.fixture(scope="session")
def databases(postgres_server: EmbeddedPostgres) -> Databases:
    """The databases of this test process; ask for `database` or `work` instead."""
    return Databases(postgres_server)


@pytest.fixture
async def database(service: Service, databases: Databases) -> AsyncIterator[str]:
    """The URL of a database of its own for this test: migrated, with the cast and the preset."""
    await databases.template(service)
    with databases.copy(service) as url:
        yield url


@pytest.fixture
def settings(service: Service, database: str, issuer: DevelopmentIssuer) -> Settings:
    """Settings of the service under test, for a database of its own."""
    tokens = {"jwt_issuer": DEVELOPMENT_ISSUER, "jwks_url": issuer.jwks_url}
    return settings_of(service, database, **tokens)


@pytest.fixture
async def process(service: Service, settings: Settings, clock: Clock) -> AsyncIterator[Runtime]:
    """What a process of the service holds, on a database of its own: units of work commit here."""
    async with runtime(service, settings, "tests", clock) as opened:
        yield opened
