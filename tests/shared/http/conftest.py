"""The HTTP kit under test: a real application over a real database, asked as the cast."""

from __future__ import annotations

import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import httpx
import psycopg
import pytest
import structlog
from fastapi import FastAPI

from deploy.local.servers import EmbeddedPostgres
from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer
from shared.http.app import create_api
from shared.migrations.run import upgrade
from shared.service import Service, runtime
from shared.settings import Settings
from tests.shared.http.notebook import SERVICE
from tests.support import cast
from tests.support.clocks import TEST_BEGINS_AT, SetClock
from tests.support.databases import PASSWORD, settings_of

_DATABASE = "notebook"
_NUMBERS = itertools.count()

Asking = Callable[..., httpx.AsyncClient]
"""A client that asks as a person of the cast: `asking(cast.MANAGER_A)`."""


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """A traceback printed for people takes seconds, and these tests provoke dozens."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture(scope="session")
async def notebook(postgres_server: EmbeddedPostgres) -> str:
    """The name of a migrated database with the cast, which tests copy."""
    postgres_server.provide(_DATABASE, PASSWORD)
    url = postgres_server.url(_DATABASE, _DATABASE, PASSWORD)
    settings = settings_of(SERVICE, url)
    upgrade(settings.sqlalchemy_url, SERVICE.package)
    async with runtime(SERVICE, settings, "tests") as process, process.works.begin() as work:
        await cast.seed(work)
    return _DATABASE


@pytest.fixture(scope="module")
def database(postgres_server: EmbeddedPostgres, notebook: str) -> Iterator[str]:
    """The tests of a module share a database; those that count, count what they add."""
    name = f"{notebook}_{next(_NUMBERS)}"
    with psycopg.connect(postgres_server.url(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{notebook}" OWNER "{notebook}"')
        yield postgres_server.url(name, notebook, PASSWORD)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def module_clock() -> SetClock:
    return SetClock(TEST_BEGINS_AT)


@pytest.fixture
def clock(module_clock: SetClock) -> SetClock:
    module_clock.set(TEST_BEGINS_AT)
    return module_clock


@pytest.fixture(scope="module")
def settings(database: str, issuer: DevelopmentIssuer) -> Settings:
    return settings_of(SERVICE, database, jwt_issuer=DEVELOPMENT_ISSUER, jwks_url=issuer.jwks_url)


@pytest.fixture(scope="module")
async def app(settings: Settings, module_clock: SetClock) -> AsyncIterator[FastAPI]:
    app = create_api(SERVICE, settings, module_clock)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def asking(app: FastAPI, issuer: DevelopmentIssuer, clock: SetClock) -> AsyncIterator[Asking]:
    """Makes clients: `asking(cast.MANAGER_A)` has that person's token, `asking()` none."""
    opened: list[httpx.AsyncClient] = []

    def client(person: cast.Person | None = None, **claims: str) -> httpx.AsyncClient:
        headers = {"idempotency-key": str(uuid4())}
        if person is not None:
            token = issuer.mint(
                person.code,
                claims.get("unit", person.unit),
                claims["roles"].split() if "roles" in claims else person.roles,
                clock.now(),
                scope=claims.get("scope", ""),
                lifetime=timedelta(hours=8),
            )
            headers["authorization"] = f"Bearer {token}"
        opened.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
            )
        )
        return opened[-1]

    yield client
    for each in opened:
        await each.aclose()


@pytest.fixture
def note() -> dict[str, str]:
    """The body of a note about a customer of Guangzhou."""
    return {
        "customer_key": str(cast.ELECTRONICS.key),
        "text": "拜访纪要",
        "worth": "10.50",
        "written_on": "2026-03-16",
    }
