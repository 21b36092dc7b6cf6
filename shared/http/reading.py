"""Reads under row-level security: what a GET sees the database through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, RowMapping
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.auth import Caller
from shared.clock import Clock, business_date
from shared.crypto import Box
from shared.errors import Refusal
from shared.http.leases import Kept, Lease, connect
from shared.http.tracing import Trace
from shared.messaging.cloudevents import Fact
from shared.settings import Settings
from shared.work import Work

T = TypeVar("T")

_STATEMENT_TIMEOUT = "30s"


def create_reading_engine(settings: Settings, application: str) -> AsyncEngine:
    """An engine whose connections are the reader's from the first moment and can write nothing.

    Where a pooler drops these options the questions themselves say so once more. Row-level security
    makes a question look dear, and compiling it takes longer than all that it reads.
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
            "options": (
                f"-c timezone=UTC -c statement_timeout={_STATEMENT_TIMEOUT}"
                " -c role=dakehu_reader -c default_transaction_read_only=on -c jit=off"
            ),
        },
    )


class ReadOnlyWork(Work):
    """A work that only reads: SQL given as text goes to the driver without SQLAlchemy's detour.

    What needs SQLAlchemy (`run`, a statement object) or arrays in binary (`bulk`) opens one
    transaction for the rest of the read.
    """

    __slots__ = ("lease",)
    lease: Lease

    async def rows(self, statement: str | Executable, **parameters: Any) -> Sequence[RowMapping]:
        """All rows of a query."""
        if not isinstance(statement, str):
            return await super().rows(statement, **parameters)
        answer = await self.lease.ask(statement, parameters)
        return cast("Sequence[RowMapping]", await answer.fetchall())

    async def row(self, statement: str | Executable, **parameters: Any) -> RowMapping | None:
        """The first row of a query, or None."""
        if not isinstance(statement, str):
            return await super().row(statement, **parameters)
        answer = await self.lease.ask(statement, parameters)
        return cast("RowMapping | None", await answer.fetchone())

    async def value(self, statement: str | Executable, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        row = await self.row(statement, **parameters)
        return None if row is None else next(iter(row.values()))

    async def run(
        self,
        statement: str | Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Execute a statement; a string is SQL with `:named` parameters."""
        self.connection = await self.lease.open_transaction()
        return await super().run(statement, parameters)

    async def see_one_instant(self) -> None:
        """Let all that is read from now on be of one instant, whatever is written meanwhile."""
        self.connection = await self.lease.open_transaction()

    def publish(self, fact: object) -> None:
        """Nothing becomes true in a read. Raises TypeError, as the others that would write do."""
        raise TypeError("a read publishes nothing; take Commanding")

    def refuse(self, fact: Fact[Any], refusal: Refusal) -> None:
        """Nothing is refused in a read."""
        raise TypeError("a read refuses no fact; take Commanding")

    def wait(self, fact: Fact[Any], kind: str, key: str) -> None:
        """Nothing waits for a read."""
        raise TypeError("a read leaves no fact waiting; take Commanding")

    async def bulk(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Execute SQL with `%s` parameters sent and read in binary; return the rows, if any."""
        self.connection = await self.lease.open_transaction()
        return await super().bulk(statement, *parameters)


class Readings:
    """Opens reads for one service; made once, in the wiring, and closed with it.

    It keeps its connections between reads, since checking one out of a pool and resetting it costs
    as much as a query.
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
        self._idle: list[Kept] = []
        self._free = asyncio.Semaphore(max(2, settings.database_pool // 2))

    async def close(self) -> None:
        """Close every connection."""
        while self._idle:
            await self._idle.pop().connection.close()
        await self._engine.dispose()

    async def read(self, caller: Caller, trace: Trace, answer: Callable[[Work], Awaitable[T]]) -> T:
        """What `answer` makes of a work in which only what `caller` may see exists.

        Nothing can be written in it. Raises NotConfirmed, with the first question or at the end.
        """
        now = self._clock.now()
        today = business_date(now, self._zone)
        async with self._free:
            is_fresh = not self._idle
            kept = await connect(self._engine) if is_fresh else self._idle.pop()
            lease = Lease(self._engine, caller, today, kept, is_fresh=is_fresh)
            try:
                work = ReadOnlyWork(
                    service=self._service,
                    connection=kept.connection,
                    box=self._box,
                    now=now,
                    today=today,
                    zone=self._zone,
                    currency=self._currency,
                    caller=caller,
                    correlation_id=trace.correlation_id,
                    traceparent=trace.traceparent,
                )
                work.lease = lease
                answered = await answer(work)
                await lease.finish()
                return answered
            finally:
                if (kept_again := await lease.give_back()) is not None:
                    self._idle.append(kept_again)
