"""What the services would refuse anyway is found before it is sent."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

import orjson

from shared.contracts import catalogue
from shared.contracts.envelope import Enterprise, Event
from shared.identifiers import derived_id
from shared.importing.extraction import Entry
from shared.importing.problems import Reason, from_refusal
from shared.importing.readings import Site
from shared.importing.seen import Seen, hash64
from shared.importing.sinks import Outgoing
from shared.messaging.acceptance import objection
from shared.messaging.cloudevents import MAX_MESSAGE_BYTES, Fact, Message, wire_type


def outgoing(event: Enterprise, system: str, time: datetime) -> Outgoing:
    """The CloudEvent of `event`, sent by `system` at `time`."""
    kind = type(event)
    subject = f"enterprise.{system}.{kind.event_name}.v{kind.major}"
    # Only what was set: a field that a later release adds must not change what this row says.
    data = event.model_dump_json(exclude_unset=True, exclude_none=True).encode()
    digest = blake2b(data, digest_size=16).hexdigest()
    event_id = str(derived_id("import", subject, event.ref, digest))
    attributes = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/{system}/import",
        "type": wire_type(subject),
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": f"/contracts/{catalogue.subject_of(kind)}.json",
    }
    body = b'%s,"data":%s}' % (orjson.dumps(attributes)[:-1], data)
    return Outgoing(subject, event_id, body)


def objections(
    event: Enterprise, sent: Outgoing, site: Site, system: str, time: datetime
) -> list[Reason]:
    """Why every service would refuse the event: too large, in the future, a foreign currency."""
    if len(sent.body) > MAX_MESSAGE_BYTES:
        return [
            Reason(
                f"该事件有 {len(sent.body)} 字节，上限 {MAX_MESSAGE_BYTES}",
                f"the event has {len(sent.body)} bytes, the limit is {MAX_MESSAGE_BYTES}",
            )
        ]
    refusal = objection(as_fact(event, sent, system, time), site.currency, site.zone)
    return [] if refusal is None else [from_refusal(refusal)]


def as_fact(event: Enterprise, sent: Outgoing, system: str, time: datetime) -> Fact[Event]:
    """The event as the service will get it."""
    return Fact(
        id=sent.event_id,
        source=f"/{system}/import",
        system=system,
        subject=sent.subject,
        type=wire_type(sent.subject),
        time=time,
        customer_key=None,
        correlation_id=None,
        traceparent=None,
        data=event,
        digest=b"",
        message=Message(sent.subject, {}, b""),
    )


class Refs:
    """The numbers that a file has used so far: a known one is a repetition or a contradiction."""

    def __init__(self) -> None:
        self._seen = Seen()

    def is_repeated(self, entry: Entry) -> bool | Reason:
        """False for a new number, True for one with the same content, else a reason."""
        ref = str(getattr(entry.model, "ref", ""))
        content = hash64(entry.model.model_dump_json())
        line = entry.line.number if entry.line else 0
        had = self._seen.first(f"{entry.event} {ref}", line, content)
        if had is None:
            return False
        earlier, same = had
        if same == content:
            return True
        return Reason(
            f"编号 {ref} 已在第 {earlier} 行出现且内容不同",
            f"ref {ref} stands on line {earlier} already, with other content",
        )
