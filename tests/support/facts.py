"""Facts as a handler gets them, made from events through the real envelope."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar, cast

import orjson

from shared.contracts.envelope import Enterprise, Event, Published
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact, Message, decode, wire_type
from shared.messaging.encoding import encode
from shared.work import Work
from tests.support.clocks import TEST_BEGINS_AT

P = TypeVar("P", bound=Published)
E = TypeVar("E", bound=Enterprise)


def published(
    event: P, *, at: datetime = TEST_BEGINS_AT, correlation_id: str | None = None
) -> Fact[P]:
    """`event` as its service published it at the instant `at`."""
    service = event.subject.split(".")[1]
    _, body = encode(service, event, at, correlation_id, None)
    return cast("Fact[P]", decode(Message(event.subject, {}, body)))


def batch(*events: Published) -> list[Fact[Event]]:
    """`events` as their services published them, for `Consumers.dispatch`."""
    return [cast("Fact[Event]", published(event)) for event in events]


def reported(
    event: E, *, system: str = "erp", id: str | None = None, at: datetime = TEST_BEGINS_AT
) -> Fact[E]:
    """`event` as `system` sent it at the instant `at`, with the event id `id` (new if left out)."""
    subject = f"enterprise.{system}.{event.event_name}.v{event.major}"
    envelope = {
        "specversion": "1.0",
        "id": id or str(new_id()),
        "source": f"/{system}",
        "type": wire_type(subject),
        "time": at.isoformat(),
        "data": event.model_dump(mode="json", exclude_unset=True),
    }
    return cast("Fact[E]", decode(Message(subject, {}, orjson.dumps(envelope))))


def said(work: Work) -> list[Published]:
    """The events that `work` has published so far, in order, without those written by hand."""
    told = (outgoing.fact for outgoing in work._collected.published)
    return [fact for fact in told if isinstance(fact, Published)]
