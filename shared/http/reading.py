"""Read-only transactions under row-level security: what a GET sees the database through.

A statement of its own engine opens the transaction, takes the reader's role, tells the database
who asks, and learns what registry says about him, all in one round trip.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import cast

import psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.auth import Caller, confirm
from shared.clock import Clock, business_date
from shared.crypto import Box
from shared.http.tracing import Trace
from shared.settings import Settings
from shared.work import Work

READER_ROLE = "dakehu_reader"
"""The PostgreSQL role that reads for callers; row-level security applies to it alone."""

_ENTER = (
    "BEGIN READ ONLY; SET LOCAL ROLE dakehu_reader;"
    "SELECT state, unit, roles FROM kit.enter(%s, %s, %s)"
)
_STATEMENT_TIMEOUT = "30s"


def create_reading_engine(settings: Settings, application: str) -> AsyncEngine:
    """An engine whose transactions are begun by `Readings` itself.

    It never asks whether a connection is alive: a read that finds a dead one is begun again.
    """
    return create_async_engine(
        settings.sqlalchemy_url,
        isolation_level="AUTOCOMMIT",
        pool_size=max(2, settings.database_pool // 2),
        max_overflow=0,
        pool_timeout=30,
        connect_args={
            "application_name": application,
            "connect_timeout": 10,
            "options": f"-c timezone=UTC -c statement_timeout={_STATEMENT_TIMEOUT}",
        },
    )


@dataclass(frozen=True, slots=True)
class Readings:
    """Opens reads for one service; made once, in the wiring."""

    service: str
    engine: AsyncEngine
    clock: Clock
    settings: Settings
    box: Box

    @asynccontextmanager
    async def begin(self, caller: Caller, trace: Trace) -> AsyncIterator[Work]:
        """One read-only transaction in which only what `caller` may see exists.

        Raises NotConfirmed. Whatever was to be published or refused in it fails, since nothing
        can be written.
        """
        now = self.clock.now()
        today = business_date(now, self.settings.zone)
        connection, confirmed = await self._enter((caller.staff_code, caller.unit, today))
        async with aclosing(connection):
            confirm(caller, *confirmed)
            work = Work(
                service=self.service,
                connection=connection,
                box=self.box,
                now=now,
                today=today,
                zone=self.settings.zone,
                currency=self.settings.currency,
                caller=caller,
                correlation_id=trace.correlation_id,
                traceparent=trace.traceparent,
            )
            yield work
            await work.finish()

    async def _enter(
        self, who: tuple[object, ...]
    ) -> tuple[AsyncConnection, tuple[str | None, str | None, list[str]]]:
        """A connection inside its transaction, and the row of kit.staff; a dead one is replaced."""
        while True:
            connection = await self.engine.connect()
            try:
                raw = await connection.get_raw_connection()
                driver = cast("psycopg.AsyncConnection[tuple[object, ...]]", raw.driver_connection)
                cursor = psycopg.AsyncClientCursor(driver)
                await cursor.execute(_ENTER, who)
                while cursor.nextset():
                    pass
                row = await cursor.fetchone()
            except psycopg.OperationalError:
                if not driver.closed:
                    await connection.close()
                    raise
                await connection.invalidate()
                await connection.close()
                continue
            except BaseException:
                await connection.close()
                raise
            assert row is not None, "kit.enter always returns one row"
            return connection, cast("tuple[str | None, str | None, list[str]]", row)
