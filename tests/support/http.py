"""The real application of the service under test, asked over ASGI as a person of the cast."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from shared.auth import DevelopmentIssuer
from shared.clock import Clock
from shared.http.app import create_api
from shared.service import Service
from shared.settings import Settings
from tests.support import cast


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentIssuer:
    """Signs the tokens of the cast."""
    return DevelopmentIssuer(tmp_path_factory.mktemp("keys"))


@pytest.fixture
async def app(service: Service, settings: Settings, clock: Clock) -> AsyncIterator[FastAPI]:
    """The application of the service under test, started, on a database of its own."""
    app = create_api(service, settings, clock)
    async with app.router.lifespan_context(app):
        yield app


@dataclass
class Asking:
    """Makes clients: `asking(cast.FINANCE)` asks as that person, `asking()` without a token."""

    app: FastAPI
    issuer: DevelopmentIssuer
    clock: Clock
    opened: list[httpx.AsyncClient]

    def __call__(self, person: cast.Person | None = None) -> httpx.AsyncClient:
        headers = {}
        if person is not None:
            token = self.issuer.mint(person.code, person.unit, person.roles, self.clock.now())
            headers["authorization"] = f"Bearer {token}"
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://test",
            headers=headers,
            event_hooks={"request": [_give_key]},
        )
        self.opened.append(client)
        return client


async def _give_key(request: httpx.Request) -> None:
    """Every command is a new one, unless the test names an Idempotency-Key itself."""
    if request.method == "POST":
        request.headers.setdefault("idempotency-key", str(uuid4()))


@pytest.fixture
async def asking(app: FastAPI, issuer: DevelopmentIssuer, clock: Clock) -> AsyncIterator[Asking]:
    """Makes clients that ask as somebody of the cast."""
    opened: list[httpx.AsyncClient] = []
    yield Asking(app, issuer, clock, opened)
    for client in opened:
        await client.aclose()


@pytest.fixture
def caller() -> cast.Person:
    """Who `client` asks as; override it in a module whose tests are another person's work."""
    return cast.CITY_DIRECTOR


@pytest.fixture
def client(asking: Asking, caller: cast.Person) -> httpx.AsyncClient:
    """A client that asks as `caller`."""
    return asking(caller)
