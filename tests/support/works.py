"""What handler tests need: a unit of work of the service under test that leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock, business_date
from shared.crypto import Box, new_key
from shared.database import create_engine
from shared.messaging.receiving import dispatch_claimed
from shared.work import Work
from tests.support.clocks import SITE
from tests.support.databases import Databases, settings_of

if TYPE_CHECKING:
    from shared.service import Service


class Engines:
    """One engine per service, on the database that handler tests share and roll back."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._engines: dict[str, AsyncEngine] = {}

    async def of(self, service: Service) -> AsyncEngine:
        """The engine of `service`; its database is a copy, so that the template stays alone."""
        if service.name not in self._engines:
            await self._databases.template(service)
            settings = settings_of(service, self._databases.shared_copy(service))
            self._engines[service.name] = create_engine(settings, "tests")
        return self._engines[service.name]

    async def dispose(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            await engine.dispose()


@pytest.fixture(scope="session")
async def engines(databases: Databases) -> AsyncIterator[Engines]:
    """Engines of the services under test; ask for `work` instead."""
    opened = Engines(databases)
    yield opened
    await opened.dispose()


@pytest.fixture(scope="session")
def service() -> Service:
    """The service under test; tests/services/<name>/conftest.py says which."""
    raise LookupError("give a fixture `service` that returns the SERVICE under test")


@pytest.fixture
async def work(service: Service, engines: Engines, clock: Clock) -> AsyncIterator[Work]:
    """A unit of work of the service under test, rolled back when the test ends.

    `await work.finish()` writes what was published, refused and left waiting, as a commit would.
    """
    engine = await engines.of(service)
    async with engine.connect() as connection:
        transaction = await connection.begin()
        now = clock.now()
        yield Work(
            service=service.name,
            connection=connection,
            box=Box(new_key(), new_key()),
            now=now,
            today=business_date(now, SITE),
            zone=SITE,
            currency="CNY",
            dispatch=partial(dispatch_claimed, service.consumers),
        )
        await transaction.rollback()
