"""Read-only transactions under row-level security: what a GET sees the database through.

A statement of its own engine opens the transaction, takes the reader's role, tells the database
who asks, and learns what registry says about him, all in one round trip.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Dialect, Executable, RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.auth import Caller, confirm
from shared.clock import Clock, business_date
from shared.crypto import Box
from shared.http.tracing import Trace
from shared.settings import Settings
from shared.work import Work

READER_ROLE = "dakehu_reader"
"""The PostgreSQL role that reads for callers; row-level security applies to it alone."""

_Driver = psycopg.AsyncConnection[tuple[Any, ...]]

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


class ReadOnlyWork(Work):
    """A work that reads: SQL given as text goes to the driver without SQLAlchemy's detour."""

    __slots__ = ()

    async def rows(self, statement: str | Executable, **parameters: Any) -> Sequence[RowMapping]:
        """All rows of a query."""
        if not isinstance(statement, str):
            return await super().rows(statement, **parameters)
        cursor = await self._asked(statement, parameters)
        return cast("Sequence[RowMapping]", await cursor.fetchall())

    async def row(self, statement: str | Executable, **parameters: Any) -> RowMapping | None:
        """The first row of a query, or None."""
        if not isinstance(statement, str):
            return await super().row(statement, **parameters)
        cursor = await self._asked(statement, parameters)
        return cast("RowMapping | None", await cursor.fetchone())

    async def value(self, statement: str | Executable, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        row = await self.row(statement, **parameters)
        return None if row is None else next(iter(row.values()))

    async def _asked(
        self, statement: str, parameters: dict[str, Any]
    ) -> psycopg.AsyncCursor[dict[str, Any]]:
        raw = await self.connection.get_raw_connection()
        driver = cast(_Driver, raw.driver_connection)
        cursor = driver.cursor(row_factory=dict_row)
        return await cursor.execute(_for_driver(statement, self.connection.dialect), parameters)


@lru_cache(maxsize=1024)
def _for_driver(statement: str, dialect: Dialect) -> str:
    """`statement` with its `:named` parameters written as psycopg wants them."""
    return str(text(statement).compile(dialect=dialect))


class Readings:
    """Opens reads for one service; made once, in the wiring, and closed with it.

    It keeps its connections between reads, since checking one out of a pool and resetting it costs
    as much as a query. A read ends with COMMIT: after a ROLLBACK the driver would forget every
    prepared statement, and with row-level security planning is dearer than reading.
    """

    def __init__(
        self, service: str, engine: AsyncEngine, clock: Clock, settings: Settings, box: Box
    ) -> None:
        self._service = service
        self._engine = engine
        self._clock = clock
        self._zone = settings.zone
        self._currency = settings.currency
        self._box = box
        self._idle: list[AsyncConnection] = []
        self._free = asyncio.Semaphore(max(2, settings.database_pool // 2))

    async def close(self) -> None:
        """Close every connection."""
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self, caller: Caller, trace: Trace) -> AsyncIterator[Work]:
        """One read-only transaction in which only what `caller` may see exists.

        Raises NotConfirmed. Whatever was to be published or refused in it fails, since nothing
        can be written.
        """
        now = self._clock.now()
        today = business_date(now, self._zone)
        async with self._free, self._entered(caller, today) as connection:
            work = ReadOnlyWork(
                service=self._service,
                connection=connection,
                box=self._box,
                now=now,
                today=today,
                zone=self._zone,
                currency=self._currency,
                caller=caller,
                correlation_id=trace.correlation_id,
                traceparent=trace.traceparent,
            )
            yield work
            await work.finish()

    @asynccontextmanager
    async def _entered(self, caller: Caller, today: date) -> AsyncIterator[AsyncConnection]:
        """A connection inside the transaction of `caller`, kept for the next read afterwards."""
        connection, driver, confirmed = await self._enter(caller, today)
        try:
            confirm(caller, *confirmed)
            yield connection
            await driver.commit()
        except BaseException:
            await _roll_back(connection, driver)
            raise
        finally:
            if not driver.closed:
                self._idle.append(connection)

    async def _enter(
        self, caller: Caller, today: date
    ) -> tuple[AsyncConnection, _Driver, tuple[Any, ...]]:
        """Begin on a connection that lives; return it with what registry says of `caller`."""
        while True:
            is_fresh = not self._idle
            connection = await self._engine.connect() if is_fresh else self._idle.pop()
            raw = await connection.get_raw_connection()
            driver = cast(_Driver, raw.driver_connection)
            try:
                cursor = psycopg.AsyncClientCursor(driver)
                await cursor.execute(_ENTER, (caller.staff_code, caller.unit, today))
                while cursor.nextset():
                    pass
                row = await cursor.fetchone()
            except BaseException as error:
                await _roll_back(connection, driver)
                if driver.closed and not is_fresh and isinstance(error, psycopg.OperationalError):
                    continue  # it died since the last read; the next may live
                if not driver.closed:
                    self._idle.append(connection)
                raise
            assert row is not None, "kit.enter always returns one row"
            return connection, driver, row


async def _roll_back(connection: AsyncConnection, driver: _Driver) -> None:
    """End what is open; a connection that cannot even do that is thrown away."""
    try:
        await driver.rollback()
    except psycopg.Error:
        await driver.close()
    if driver.closed:
        await connection.invalidate()
        await connection.close()
