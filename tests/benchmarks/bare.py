"""The bare app that (b) is compared with: one route, the same query, and nothing of the suite.

`python -m tests.benchmarks.bare PORT URL STAFF UNIT TODAY` serves it as a process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from services.registry.api.register.customer_models import CustomerOut
from services.registry.storage.reports import CUSTOMER

_CONNECTIONS = 4
_QUERY = f"{CUSTOMER} AND c.customer_key = :key".replace(":today", "%(today)s").replace(
    ":key", "%(key)s"
)
_WHO_ASKS = (
    "SELECT set_config('dakehu.staff', %s, false), set_config('dakehu.unit', %s, false),"
    " set_config('dakehu.today', %s, false)"
)


def create(url: str, staff: str, unit: str, today: str) -> FastAPI:
    """An app that reads one customer as the caller that its connections name once and for all."""

    async def configure(connection: AsyncConnection[DictRow]) -> None:
        await connection.execute(_WHO_ASKS, (staff, unit, today))

    pool = AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs={"row_factory": dict_row, "autocommit": True},
        min_size=_CONNECTIONS,
        max_size=_CONNECTIONS,
        configure=configure,
        open=False,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/customers/{customer_key}")
    async def one(customer_key: UUID) -> CustomerOut:
        async with pool.connection() as connection:
            cursor = await connection.execute(_QUERY, {"key": customer_key, "today": today})
            row = await cursor.fetchone()
        assert row is not None
        return CustomerOut(**row)

    return app


if __name__ == "__main__":
    port, *told = sys.argv[1:]
    uvicorn.run(
        create(*told),
        host="127.0.0.1",
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
    )
