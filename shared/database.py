"""One engine per process; made in the service's wiring and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
import psycopg
from psycopg import sql
from sqlalchemy import JSON, Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.settings import Settings

STATEMENT_TIMEOUT = "120s"
IDLE_IN_TRANSACTION_TIMEOUT = "60s"


def create_engine(settings: Settings, application: str) -> AsyncEngine:
    """An asynchronous engine over psycopg 3 with a bounded pool.

    `application` shows in pg_stat_activity. Statements and forgotten transactions time out, so a
    stuck process cannot hold the locks of others for ever.
    """
    return create_async_engine(
        settings.sqlalchemy_url,
        pool_size=settings.database_pool,
        max_overflow=0,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args={
            "application_name": application,
            "connect_timeout": 10,
            "options": (
                f"-c timezone=UTC -c statement_timeout={STATEMENT_TIMEOUT}"
                f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT}"
            ),
        },
    )


async def in_binary(
    connection: AsyncConnection, statement: str, *parameters: Any
) -> list[tuple[Any, ...]]:
    """Execute SQL with `%s` parameters sent and read in binary, past SQLAlchemy's cursor.

    Returns the rows, if there are any: what the hot paths read and write by the hundred.
    """
    raw = await connection.get_raw_connection()
    driver = cast("psycopg.AsyncConnection[Any]", raw.driver_connection)
    async with driver.cursor(binary=True) as cursor:
        await cursor.execute(statement.replace("%s", "%b"), parameters)
        return await cursor.fetchall() if cursor.description else []


async def copy_in(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Add `rows`, which all have the same columns, with one COPY: for thousands at once.

    There is no ON CONFLICT: a row that exists breaks the transaction.
    """
    names = list(rows[0])
    as_json = {name for name in names if isinstance(table.c[name].type, JSON)}
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    raw = await connection.get_raw_connection()
    driver = cast("psycopg.AsyncConnection[Any]", raw.driver_connection)
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(
                [
                    orjson.dumps(row[name]).decode() if name in as_json else row[name]
                    for name in names
                ]
            )
