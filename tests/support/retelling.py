"""A story told to a service in any order, with repetitions and in any batches, and then undone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.contracts.enterprise import PaymentReceived
from shared.contracts.envelope import Enterprise, Event, Published
from shared.errors import Refusal
from shared.messaging.cloudevents import Message
from shared.messaging.receiving import Receiver
from shared.messaging.trouble import is_transient
from shared.service import Runtime
from shared.work import Work, Works
from tests.support.facts import published, reported

Decide = Callable[[Works], Awaitable[None]]
"""What is decided at the end of a chapter: sweeps, a run of scores."""

State = Mapping[str, list[tuple[Any, ...]]]
"""By name: rows in a fixed order."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Facts between two decisions, whose order must not matter, and the decision after them."""

    facts: Sequence[Message]
    decide: Decide | None = None


def message_of(event: Event) -> Message:
    """`event` as its service, the bank or the system called `erp` sends it."""
    if isinstance(event, Published):
        return published(event).message
    assert isinstance(event, Enterprise)
    system = "bank" if isinstance(event, PaymentReceived) else "erp"
    return reported(event, system=system).message


Batches = Sequence[Sequence[Message]]


async def retell(
    process: Runtime,
    story: Sequence[Chapter],
    arranged: Sequence[Batches],
    queries: Mapping[str, str],
) -> State:
    """The state after the chapters of `story`, their facts `arranged` in batches; then undone."""
    async with process.engine.connect() as connection, connection.begin() as told:
        engine = cast(AsyncEngine, _Within(connection))
        works = replace(process.works, engine=engine)
        receiver = replace(process.receiver, works=works)
        for chapter, batches in zip(story, arranged, strict=True):
            for batch in batches:
                await take(receiver, batch)
            if chapter.decide is not None:
                await chapter.decide(works)
        async with works.begin() as work:
            state = await rows_of(work, queries)
        await told.rollback()
    return state


async def take(receiver: Receiver, messages: Sequence[Message]) -> None:
    """Take a batch as a lane does: on trouble one by one, and given up when it is our own code."""
    try:
        await receiver.receive(messages)
    except Exception as error:
        assert not is_transient(error), "nobody else is here who could be in the way"
        for message in messages:
            await receiver.receive_one(message, give_up=not isinstance(error, Refusal))


async def rows_of(work: Work, queries: Mapping[str, str]) -> State:
    """What each query answers, sorted."""
    return {
        name: sorted((tuple(row.values()) for row in await work.rows(query)), key=repr)
        for name, query in queries.items()
    }


class _Within:
    """Stands in for an engine: every transaction is a savepoint of one that will be undone."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        async with self._connection.begin_nested():
            yield self._connection
