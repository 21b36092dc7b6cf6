"""Facts on their way out: stored in the transaction that made them true, sent by the relay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.contracts.envelope import Published
from shared.errors import Refusal
from shared.identifiers import NEW_ID, id_prefix
from shared.messaging.cloudevents import MAX_MESSAGE_BYTES
from shared.messaging.encoding import Written, encode, entity_id, frame

if TYPE_CHECKING:
    from shared.work import Work

_STORE = """
INSERT INTO kit.outbox (subject, message_id, body, stored_at)
SELECT subject, message_id, body, %s::timestamptz
FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS fact (subject, message_id, body)
"""

_STORE_SELECTED = """
WITH stored AS (
    INSERT INTO kit.outbox (subject, message_id, body, stored_at)
    SELECT %s::text, %s::text || '/' || fact.id,
        convert_to(%s::text || fact.id || %s::text || fact.customer_key || %s::text || fact.data
            || '}}', 'UTF8'),
        %s::timestamptz
    FROM (SELECT {new_id} AS id, customer_key, data FROM ({facts}) told) fact
    RETURNING octet_length(body) AS size
)
SELECT count(*), max(size) FROM stored
"""


class FactTooLarge(Refusal):
    """What was decided does not fit into one message."""

    code = "fact-too-large"
    title_zh = "事实过大, 无法发布"
    title_en = "The fact is too large to publish"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A fact to be sent, and the message that says it."""

    fact: Published | Written
    message_id: str
    body: bytes


def outgoing(work: Work, fact: Published | Written) -> Outgoing:
    """`fact` as a message with the correlation id and trace of `work`. Raises FactTooLarge."""
    message_id, body = encode(work.service, fact, work.now, work.correlation_id, work.traceparent)
    if len(body) > MAX_MESSAGE_BYTES:
        entity, subject = entity_id(fact), fact.subject
        raise FactTooLarge(
            f"{subject} 的 {entity} 有 {len(body)} 字节",
            f"{entity} on {subject} has {len(body)} bytes",
        )
    return Outgoing(fact, f"{work.service}/{message_id}", body)


async def store(work: Work, outgoing: Sequence[Outgoing]) -> None:
    """Store facts in the outbox with one statement."""
    if outgoing:
        await work.bulk(
            _STORE,
            work.now,
            [out.fact.subject for out in outgoing],
            [out.message_id for out in outgoing],
            [out.body for out in outgoing],
        )


async def store_selected(
    work: Work, event: type[Published], facts: str, *parameters: object
) -> int:
    """Store facts of one event that SQL makes, with one statement; returns how many.

    For sweeps over a million things. `facts` is a query for (customer_key uuid, data text), where
    data is the JSON that the event would say; a test of the publisher holds the two against each
    other. Raises FactTooLarge.
    """
    before, between, end = frame(
        work.service, event, work.now, work.correlation_id, work.traceparent
    )
    [(number, size)] = await work.bulk(
        _STORE_SELECTED.format(new_id=NEW_ID, facts=facts),
        *(event.subject, work.service, before, between, end, work.now, id_prefix(work.now)),
        *parameters,
    )
    if number and size > MAX_MESSAGE_BYTES:
        raise FactTooLarge(
            f"{event.subject} 有 {size} 字节", f"a fact on {event.subject} has {size} bytes"
        )
    return int(number)


async def oldest(work: Work) -> datetime | None:
    """When the oldest fact that still has to be sent was stored; None when all are sent."""
    stored_at: datetime | None = await work.value(
        "SELECT min(stored_at) FROM kit.outbox WHERE parked_at IS NULL"
    )
    return stored_at
