"""Facts on their way out: stored in the transaction that made them true, sent by the relay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.contracts.envelope import Published
from shared.errors import Refusal
from shared.messaging.cloudevents import MAX_MESSAGE_BYTES
from shared.messaging.encoding import Written, encode, entity_id

if TYPE_CHECKING:
    from shared.work import Work

_STORE = """
INSERT INTO kit.outbox (subject, message_id, body, stored_at)
SELECT subject, message_id, body, %s::timestamptz
FROM unnest(%s::text[], %s::text[], %s::bytea[]) AS fact (subject, message_id, body)
"""


class FactTooLarge(Refusal):
    """What was decided does not fit into one message."""

    code = "fact-too-large"
    title_zh = "事实过大, 无法发布"
    title_en = "The fact is too large to publish"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A fact to be sent, with the correlation id and trace of what caused it."""

    fact: Published | Written
    correlation_id: str | None
    traceparent: str | None


async def store(work: Work, outgoing: Sequence[Outgoing]) -> None:
    """Store facts in the outbox with one statement. Raises FactTooLarge."""
    if not outgoing:
        return
    encoded = [
        encode(work.service, out.fact, work.now, out.correlation_id, out.traceparent)
        for out in outgoing
    ]
    for out, (_, body) in zip(outgoing, encoded, strict=True):
        if len(body) > MAX_MESSAGE_BYTES:
            entity, subject = entity_id(out.fact), out.fact.subject
            raise FactTooLarge(
                f"{subject} 的 {entity} 有 {len(body)} 字节",
                f"{entity} on {subject} has {len(body)} bytes",
            )
    await work.bulk(
        _STORE,
        work.now,
        [out.fact.subject for out in outgoing],
        [f"{work.service}/{message_id}" for message_id, _ in encoded],
        [body for _, body in encoded],
    )


async def oldest(work: Work) -> datetime | None:
    """When the oldest fact that still has to be sent was stored; None when all are sent."""
    stored_at: datetime | None = await work.value(
        "SELECT min(stored_at) FROM kit.outbox WHERE parked_at IS NULL"
    )
    return stored_at
