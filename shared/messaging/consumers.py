"""The index page of a service: which event is taken by which handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from shared.contracts.envelope import Enterprise, Event, Published
from shared.messaging.cloudevents import Fact
from shared.telemetry import span

if TYPE_CHECKING:
    from shared.work import Work

E = TypeVar("E", bound=Event)
Each = Callable[["Work", Fact[E]], Awaitable[None]]
Many = Callable[["Work", list[Fact[E]]], Awaitable[None]]
Before = Callable[["Work", Sequence[Fact[Event]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One row of the table: an event class and what takes it."""

    event: type[Event]
    handle: Many[Any]

    @property
    def subject(self) -> str:
        """The subject filter: one subject, or every system's and every major of an outside event.

        Another major than ours is taken from the stream too, so that it becomes a dead letter
        instead of silence.
        """
        if issubclass(self.event, Enterprise):
            return f"enterprise.*.{self.event.event_name}.*"
        assert issubclass(self.event, Published)
        return self.event.subject


def many(event: type[E], handle: Many[E]) -> Consumer:
    """`handle` takes all facts of this type in a batch at once; it refuses with `work.refuse`."""
    return Consumer(event, handle)


def each(event: type[E], handle: Each[E]) -> Consumer:
    """`handle` takes one fact at a time and may raise a Refusal."""

    async def one_by_one(work: Work, facts: list[Fact[E]]) -> None:
        for fact in facts:
            work.follow(fact)
            await handle(work, fact)

    return Consumer(event, one_by_one)


class Consumers:
    """A service's table; inside a batch the rows are worked through from top to bottom.

    `before` sees a whole batch first: what several rows lock it locks at once, in sorted order, or
    two batches would meet in opposite orders.
    """

    def __init__(self, *rows: Consumer, before: Before | None = None) -> None:
        self._before = before
        self._rows = {row.event: row for row in rows}
        if len(self._rows) != len(rows):
            raise ValueError("an event has two handlers in one service")

    def __iter__(self) -> Iterator[Consumer]:
        return iter(self._rows.values())

    def __contains__(self, event: object) -> bool:
        return event in self._rows

    def subjects(self, stream: str) -> list[str]:
        """The subject filters of this service's durable on `stream`, sorted."""
        prefix = stream.lower() + "."
        return sorted(row.subject for row in self if row.subject.startswith(prefix))

    async def dispatch(self, work: Work, facts: Sequence[Fact[Event]]) -> None:
        """Run `facts` through their handlers, type by type in the table's order."""
        by_event: dict[type[Event], list[Fact[Event]]] = {}
        for fact in facts:
            by_event.setdefault(type(fact.data), []).append(fact)
        if self._before is not None:
            await self._before(work, facts)
        for event, row in self._rows.items():
            if event in by_event:
                name, first = event.__name__, by_event[event][0]
                with span(name, kind="consumer", traceparent=first.traceparent):
                    await row.handle(work, by_event[event])
