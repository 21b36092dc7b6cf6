"""CloudEvents 1.0 over NATS, on the way out: structured JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from shared.contracts.envelope import Published
from shared.identifiers import new_id_text


@dataclass(frozen=True, slots=True)
class Written:
    """A fact whose publisher writes its JSON itself, where making the event is too dear.

    Only for what is told by the thousand. `data` is what `event` would say, with UUIDs and dates as
    they are and amounts as strings; a test of the publisher holds the two against each other.
    """

    event: type[Published]
    entity_id: str
    customer_key: UUID
    data: Mapping[str, object]

    @property
    def subject(self) -> str:
        """Where it is published."""
        return self.event.subject


def encode(
    service: str,
    fact: Published | Written,
    time: datetime,
    correlation_id: str | None,
    traceparent: str | None,
) -> tuple[str, bytes]:
    """The message id and the structured JSON of `fact`, published by `service` at `time`."""
    message_id = new_id_text()
    attributes = _attributes(service, fact.subject, message_id, time, fact.customer_key)
    attributes |= _context(correlation_id, traceparent)
    if isinstance(fact, Written):
        attributes["data"] = fact.data
        return message_id, orjson.dumps(attributes)
    data = fact.__pydantic_serializer__.to_json(fact, exclude_none=True)
    return message_id, b'%s,"data":%s}' % (orjson.dumps(attributes)[:-1], data)


def frame(
    service: str,
    event: type[Published],
    time: datetime,
    correlation_id: str | None,
    traceparent: str | None,
) -> tuple[str, str, str]:
    """The text of a message around its id, its customer key and its data, for many at once.

    A message is the three with these in between and a brace at the end: what `encode` makes.
    """
    attributes = _attributes(service, event.subject, "<id>", time, "<customer>")
    attributes |= _context(correlation_id, traceparent)
    text = orjson.dumps(attributes).decode()
    before, rest = text.split("<id>")
    between, end = rest.split("<customer>")
    return before, between, f'{end[:-1]},"data":'


def _attributes(
    service: str, subject: str, message_id: str, time: datetime, customer_key: UUID | str | None
) -> dict[str, object]:
    attributes: dict[str, object] = {
        "specversion": "1.0",
        "id": message_id,
        "source": f"/dakehu/{service}",
        "type": subject,
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": f"/contracts/{subject}.json",
    }
    if customer_key is not None:
        attributes["subject"] = customer_key
    return attributes


def _context(correlation_id: str | None, traceparent: str | None) -> dict[str, object]:
    told = {"correlationid": correlation_id, "traceparent": traceparent}
    return {name: value for name, value in told.items() if value}


def entity_id(fact: Published | Written) -> str:
    """Which entity's state `fact` tells."""
    return fact.entity_id if isinstance(fact, Written) else fact.entity.id
