"""A unit of work: one transaction in which something becomes true and is told to the others.

Nothing in it talks to the broker. What is published, refused or left waiting is collected and
written with one statement each before the commit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, Executable, RowMapping, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.clock import Clock, business_date
from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise, Event, FactRefusal, Published
from shared.crypto import Box
from shared.database import copy_in, in_binary
from shared.errors import Refusal
from shared.messaging import dead_letters, fates, outbox, turns, waiting
from shared.messaging.cloudevents import Fact, Message
from shared.messaging.encoding import Written

if TYPE_CHECKING:
    from shared.auth import Caller

Dispatch = Callable[["Work", list[Fact[Event]]], Awaitable[None]]
"""How facts that waited are run through their handlers in the same transaction."""


@dataclass(slots=True)
class _Collected:
    published: list[outbox.Outgoing] = field(default_factory=list)
    refused: list[tuple[Message, Fact[Event] | None, Refusal]] = field(default_factory=list)
    waits: list[tuple[Fact[Event], str, str]] = field(default_factory=list)
    settled: list[Fact[Event]] = field(default_factory=list)

    def kept(self) -> tuple[list[Any], ...]:
        return tuple(list(part) for part in self._parts())

    def restore(self, kept: tuple[list[Any], ...]) -> None:
        for part, before in zip(self._parts(), kept, strict=True):
            part[:] = before

    def _parts(self) -> tuple[list[Any], ...]:
        return self.published, self.refused, self.waits, self.settled


@dataclass(slots=True)
class Work:
    """One transaction. `now` and `today` are the only clock that a handler has."""

    service: str
    connection: AsyncConnection
    box: Box
    now: datetime
    today: date
    zone: ZoneInfo
    """The site's time zone: on which day an instant falls there."""
    currency: str
    caller: Caller | None = None
    correlation_id: str | None = None
    traceparent: str | None = None
    dispatch: Dispatch | None = None
    _collected: _Collected = field(default_factory=_Collected)

    @property
    def person(self) -> Caller:
        """Whoever asks or commands, where only people do: not what facts and sweeps begin."""
        assert self.caller is not None, "nobody asked for this"
        return self.caller

    async def run(
        self,
        statement: str | Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        """Execute a statement; a string is SQL with `:named` parameters."""
        executable = text(statement) if isinstance(statement, str) else statement
        return cast("CursorResult[Any]", await self.connection.execute(executable, parameters))

    async def rows(self, statement: str | Executable, **parameters: Any) -> Sequence[RowMapping]:
        """All rows of a query."""
        return (await self.run(statement, parameters)).mappings().all()

    async def row(self, statement: str | Executable, **parameters: Any) -> RowMapping | None:
        """The first row of a query, or None."""
        return (await self.run(statement, parameters)).mappings().first()

    async def value(self, statement: str | Executable, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        return (await self.run(statement, parameters)).scalar()

    async def bulk(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Execute SQL with `%s` parameters sent and read in binary; return the rows, if any.

        For set-based statements over arrays: `INSERT … SELECT … FROM unnest(%s::uuid[], …)`. Sort
        the columns by key before an upsert, so that replicas do not deadlock.
        """
        return await in_binary(self.connection, statement, *parameters)

    async def copy(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add `rows`, which all have the same columns and are new, with one COPY."""
        if rows:
            await copy_in(self.connection, table, rows)

    async def see_one_instant(self) -> None:
        """Let all that is read be of the same instant; before anything else in the work."""
        await self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def publish(self, fact: Published | Written) -> None:
        """Store `fact` for the relay when the work commits. Raises FactTooLarge."""
        self._collected.published.append(outbox.outgoing(self, fact))

    def follow(self, cause: Fact[Any]) -> None:
        """What is published from now on happens because of `cause` (its correlation and trace)."""
        self.correlation_id = cause.correlation_id or cause.id
        self.traceparent = cause.traceparent

    def refuse(self, fact: Fact[Any], refusal: Refusal) -> None:
        """Refuse one fact of a batch for good; the others go on. Nothing of it may be saved."""
        self._collected.refused.append((fact.message, fact, refusal))

    def refuse_unread(self, message: Message, refusal: Refusal) -> None:
        """Refuse a message that could not even be read."""
        self._collected.refused.append((message, None, refusal))

    def wait(self, fact: Fact[Any], kind: str, key: str) -> None:
        """Keep `fact` until `settle(kind, [key])`; call `refer` before looking the key up."""
        self._collected.waits.append((fact, kind, key))

    async def refer(self, kind: str, keys: Iterable[str]) -> None:
        """Hold the reference rows FOR SHARE: what they name cannot become known meanwhile."""
        await waiting.refer(self, kind, keys)

    async def settle(self, kind: str, keys: Iterable[str]) -> None:
        """Say that `keys` are known now (or changed): facts that wait on them run in this work.

        Those too that began to wait in this very work.
        """
        await self._keep_waits()
        self._collected.settled.extend(await waiting.settle(self, kind, keys))

    async def take_turns(self, customer_keys: Iterable[UUID]) -> None:
        """Hold these customers' turns until the end, before their rows are touched in any order.

        The kit does it for facts that carry a customer key; a handler of outside facts does it
        when it has resolved their references.
        """
        await turns.take(self, customer_keys)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what happens inside, in the database and in what was collected, if it raises."""
        kept = self._collected.kept()
        try:
            async with self.connection.begin_nested():
                yield
        except BaseException:
            self._collected.restore(kept)
            raise

    async def finish(self) -> None:
        """Run what had waited, then write what was collected. Called once, before the commit."""
        while self._collected.settled:
            await self._keep_waits()
            claimed, self._collected.settled = self._collected.settled, []
            assert self.dispatch is not None, "facts waited, but nothing here can handle them"
            await self.dispatch(self, claimed)
        self._publish_refusals()
        await outbox.store(self, self._collected.published)
        await dead_letters.keep(self, self._collected.refused)
        await self._keep_waits()
        await fates.decide(self, list(self._refused_outcomes()))

    @property
    def refusals(self) -> Sequence[tuple[Message, Fact[Event] | None, Refusal]]:
        """What was refused so far, for metrics."""
        return self._collected.refused

    async def _keep_waits(self) -> None:
        """Write down who waits, so that whatever is settled from now on finds it."""
        waits, self._collected.waits = self._collected.waits, []
        await waiting.keep(self, waits)
        told = [fact for fact, _, _ in waits if isinstance(fact.data, Enterprise)]
        await fates.decide(self, [(fact, "waiting", None) for fact in told])

    def _refused_outcomes(self) -> Iterable[tuple[Fact[Event], str, Refusal]]:
        for _, refused, refusal in self._collected.refused:
            told = refused is not None and isinstance(refused.data, Enterprise)
            if refused is not None and told and not isinstance(refusal, fates.RefConflict):
                yield refused, "refused", refusal

    def _publish_refusals(self) -> None:
        fact_refused = catalogue.by_subject(f"dakehu.{self.service}.fact_refused.v1")
        assert fact_refused is not None and issubclass(fact_refused, FactRefusal)
        for _, fact, refusal in self._collected.refused:
            if fact is not None and isinstance(fact.data, Enterprise):
                self.publish(fates.refused_fact(fact_refused, fact, refusal, self.now))


@dataclass(frozen=True, slots=True)
class Works:
    """Opens units of work for one service; made once, in the wiring."""

    service: str
    engine: AsyncEngine
    clock: Clock
    zone: ZoneInfo
    currency: str
    box: Box
    dispatch: Dispatch | None = None

    @asynccontextmanager
    async def begin(
        self,
        *,
        today: date | None = None,
        caller: Caller | None = None,
        correlation_id: str | None = None,
        traceparent: str | None = None,
    ) -> AsyncIterator[Work]:
        """One transaction: commits when the block ends, rolls back when it raises.

        `today` is given by sweeps; otherwise it is the business date of now at the site.
        """
        now = self.clock.now()
        async with self.engine.begin() as connection:
            work = Work(
                service=self.service,
                connection=connection,
                box=self.box,
                now=now,
                today=today or business_date(now, self.zone),
                zone=self.zone,
                currency=self.currency,
                caller=caller,
                correlation_id=correlation_id,
                traceparent=traceparent,
                dispatch=self.dispatch,
            )
            yield work
            await work.finish()
