"""A connection lent to one read. Every question says in the same breath who asks.

A question and its announcement go out together as one pipeline, which PostgreSQL carries out as a
transaction of its own: one round trip, nothing to begin before it and nothing to end after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row
from sqlalchemy import Dialect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.auth import Caller, confirm

Driver = psycopg.AsyncConnection[tuple[Any, ...]]
Answer = psycopg.AsyncCursor[dict[str, Any]]

# The settings hold until the transaction ends: only in it is the service the reader.
_ENTER = """
SELECT state, unit, roles, set_config('role', 'dakehu_reader', true),
       set_config('transaction_read_only', 'on', true)
FROM kit.enter(%s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A connection that is kept from read to read, with the driver's below it."""

    connection: AsyncConnection
    driver: Driver

    async def throw_away(self) -> None:
        """Close it for good."""
        await self.connection.invalidate()
        await self.connection.close()


async def connect(engine: AsyncEngine) -> Kept:
    """A connection of `engine`, which has to be in autocommit."""
    connection = await engine.connect()
    raw = await connection.get_raw_connection()
    return Kept(connection, cast(Driver, raw.driver_connection))


class Lease:
    """What one read asks through; `is_fresh` says that `kept` was connected just now."""

    def __init__(
        self, engine: AsyncEngine, caller: Caller, today: date, kept: Kept, *, is_fresh: bool
    ) -> None:
        self._engine = engine
        self._caller = caller
        self._who = (caller.staff_code, caller.unit, today)
        self._kept = kept
        self._is_fresh = is_fresh
        self._is_confirmed = False
        self._is_in_transaction = False

    async def ask(self, statement: str, parameters: Mapping[str, Any]) -> Answer:
        """The answer to SQL with `:named` parameters. Raises NotConfirmed."""
        while not self._is_in_transaction:
            try:
                async with self._kept.driver.pipeline():
                    entered = await self._kept.driver.execute(_ENTER, self._who)
                    answer = await self._execute(statement, parameters)
            except psycopg.OperationalError as error:
                await self._replace_dead(error)
                continue
            await self._confirm(entered)
            return answer
        return await self._execute(statement, parameters)

    async def open_transaction(self) -> AsyncConnection:
        """Begin one transaction for all that follows, which sees one instant.

        For what cannot go through `ask`, and for questions whose answers have to fit together.
        """
        while not self._is_in_transaction:
            try:
                await self._kept.driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
                entered = await self._kept.driver.execute(_ENTER, self._who)
            except psycopg.OperationalError as error:
                await self._replace_dead(error)
                continue
            self._is_in_transaction = True
            await self._confirm(entered)
        return self._kept.connection

    async def finish(self) -> None:
        """Have the caller confirmed if nothing was asked, and end the transaction if there is one.

        By COMMIT: after a ROLLBACK the driver forgets every prepared statement.
        """
        if not self._is_confirmed:
            await self.ask("SELECT 1", {})
        if self._is_in_transaction:
            await self._kept.driver.commit()

    async def give_back(self) -> Kept | None:
        """The connection, clean, for the next read; None when it is of no more use."""
        if self._kept.driver.info.transaction_status != TransactionStatus.IDLE:
            try:
                await self._kept.driver.rollback()
            except psycopg.Error:
                await self._kept.driver.close()
        if not self._kept.driver.closed:
            return self._kept
        await self._kept.throw_away()
        return None

    async def _execute(self, statement: str, parameters: Mapping[str, Any]) -> Answer:
        cursor = self._kept.driver.cursor(row_factory=dict_row)
        written = _for_driver(statement, self._kept.connection.dialect)
        return await cursor.execute(written, parameters)

    async def _confirm(self, entered: psycopg.AsyncCursor[tuple[Any, ...]]) -> None:
        if not self._is_confirmed:
            row = await entered.fetchone()
            assert row is not None, "kit.enter always returns one row"
            state, unit, roles, *_ = row
            confirm(self._caller, state, unit, roles)
            self._is_confirmed = True

    async def _replace_dead(self, error: psycopg.OperationalError) -> None:
        """A connection that died since the last read is replaced; other trouble is raised on."""
        if self._is_fresh or not self._kept.driver.closed:
            raise error
        await self._kept.throw_away()
        self._kept = await connect(self._engine)
        self._is_fresh = True


@lru_cache(maxsize=1024)
def _for_driver(statement: str, dialect: Dialect) -> str:
    """`statement` with its `:named` parameters written as psycopg wants them."""
    return str(text(statement).compile(dialect=dialect))
