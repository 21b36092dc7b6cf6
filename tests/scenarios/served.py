"""All four services, each served over real HTTP from a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import uvicorn

from services.billing.app import SERVICE as BILLING
from services.engagement.app import SERVICE as ENGAGEMENT
from services.registry.app import SERVICE as REGISTRY
from services.tiering.app import SERVICE as TIERING
from shared.auth import DEVELOPMENT_ISSUER, DevelopmentIssuer, Role
from shared.directory import staff
from shared.http.app import create_api
from shared.service import Service, runtime
from shared.settings import Settings
from tests.support import cast
from tests.support.databases import settings_of
from tests.support.facts import published

SERVICES = (REGISTRY, TIERING, ENGAGEMENT, BILLING)
EVERYBODY = cast.Person("ALL", "全能", "GD", tuple(sorted(get_args(Role))))
"""One who has every role, in the province."""


def elsewhere(role: str) -> cast.Person:
    """One who has only `role`, in a city that has nothing to do with Guangzhou."""
    return cast.Person(f"SZ-{role}", "外市", "SZ", (role,))


STRANGERS = tuple(elsewhere(role) for role in EVERYBODY.roles if role != "province_administrator")
"""Every role elsewhere; an administrator of the province is nowhere a stranger."""


@dataclass(frozen=True)
class Served:
    """Where a service is reached, and with which tokens."""

    service: Service
    url: str
    database: str
    issuer: DevelopmentIssuer

    def token(self, person: cast.Person) -> str:
        """A token for `person`, good for now."""
        return self.issuer.mint(person.code, person.unit, person.roles, datetime.now(UTC))


def api_settings(service: Service, database: str, issuer: DevelopmentIssuer) -> Settings:
    """Settings with which the API of `service` accepts the tokens of `issuer`."""
    return settings_of(service, database, jwt_issuer=DEVELOPMENT_ISSUER, jwks_url=issuer.jwks_url)


def described(service: Service, keys: Path) -> dict[str, object]:
    """The OpenAPI document of `service`; nothing has to run for it."""
    settings = api_settings(service, "postgresql://nowhere/none", DevelopmentIssuer(keys))
    return create_api(service, settings).openapi()


async def enrol(settings: Settings, service: Service) -> None:
    """Let registry say that everybody and the strangers work here."""
    async with runtime(service, settings, "tests") as process, process.works.begin() as work:
        people = (EVERYBODY, *STRANGERS)
        await staff.follow(work, [published(person.changed()) for person in people])


@asynccontextmanager
async def served(
    service: Service, database: str, issuer: DevelopmentIssuer
) -> AsyncIterator[Served]:
    """Serve `service` on a free port while the block runs."""
    settings = api_settings(service, database, issuer)
    await enrol(settings, service)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_api(service, settings), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), f"{service.name} did not start"
        await asyncio.sleep(0.02)
    port = listening.getsockname()[1]
    yield Served(service, f"http://127.0.0.1:{port}", database, issuer)
    server.should_exit = True
    await asyncio.to_thread(thread.join)
