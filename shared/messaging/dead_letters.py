"""Facts that could not be taken: kept, sealed, with the reason; replayed or discarded by a person.

A replay runs the same handler in this service; it never publishes the message again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from shared.contracts.envelope import Event
from shared.errors import Conflict, Invalid, NotFound, Refusal
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact, Message
from shared.messaging.fates import reason_of

if TYPE_CHECKING:
    from shared.work import Work

RETENTION = timedelta(days=90)
"""How long a resolved letter is kept before its content is purged."""

_KEEP = """
INSERT INTO kit.dead_letters
    (id, subject, system, source, event_id, ref, code, reason, message, received_at)
SELECT id, subject, system, source, event_id, ref, code, reason::jsonb, message, %s::timestamptz
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::bytea[])
    AS letter (id, subject, system, source, event_id, ref, code, reason, message)
"""

_LIST = """
SELECT id, subject, system, source, event_id, ref, code, reason, state, received_at, resolved_at,
       resolved_by, resolution
FROM kit.dead_letters
WHERE (CAST(:state AS text) IS NULL OR state = :state)
  AND (CAST(:after AS uuid) IS NULL OR id > :after)
ORDER BY id LIMIT :limit
"""


async def keep(
    work: Work, letters: Sequence[tuple[Message, Fact[Event] | None, Refusal]]
) -> list[UUID]:
    """Keep messages that cannot be taken (with the fact, if it could be read); return their ids."""
    ids = [new_id() for _ in letters]
    if not letters:
        return ids
    await work.bulk(
        _KEEP,
        work.now,
        ids,
        [message.subject for message, _, _ in letters],
        [[*message.subject.split("."), ""][1] for message, _, _ in letters],
        [fact.source if fact else None for _, fact, _ in letters],
        [fact.id if fact else None for _, fact, _ in letters],
        [fact.ref if fact else None for _, fact, _ in letters],
        [refusal.code for _, _, refusal in letters],
        [orjson.dumps(reason_of(refusal)).decode() for _, _, refusal in letters],
        [work.box.seal(message.packed()) for message, _, _ in letters],
    )
    return ids


async def listing(
    work: Work, *, state: str | None = "open", after: UUID | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Letters in order of arrival, without their content; `state` open, replayed or discarded."""
    return [dict(row) for row in await work.rows(_LIST, state=state, after=after, limit=limit)]


async def show(work: Work, letter_id: UUID, reader: str) -> dict[str, Any]:
    """One letter with its message opened. The read is recorded under `reader`'s staff code."""
    letter = await work.row("SELECT * FROM kit.dead_letters WHERE id = :id", id=letter_id)
    if letter is None:
        raise _unknown(letter_id)
    await work.run(
        "INSERT INTO kit.sealed_reads (id, what, which, staff_code, read_at)"
        " VALUES (:id, 'dead letter', :which, :staff, :now)",
        {"id": new_id(), "which": str(letter_id), "staff": reader, "now": work.now},
    )
    message = Message.unpacked(work.box.open(bytes(letter["message"])))
    body = message.body.decode("utf-8", "replace")
    return dict(letter) | {"message": {"headers": dict(message.headers), "body": body}}


async def open_with_code(work: Work, code: str) -> list[UUID]:
    """The ids of all open letters that were refused for `code`, oldest first."""
    rows = await work.rows(
        "SELECT id FROM kit.dead_letters WHERE state = 'open' AND code = :code ORDER BY id",
        code=code,
    )
    return [row["id"] for row in rows]


async def take(work: Work, letter_id: UUID, by: str) -> Message:
    """Mark an open letter as replayed by `by` and return its message, for the same handler."""
    return await _resolve(work, letter_id, "replayed", by, "replayed")


async def discard(work: Work, letter_id: UUID, by: str, reason: str) -> None:
    """Close an open letter for good.

    Raises NotFound, Conflict when it is not open, Invalid for a blank reason.
    """
    if not reason.strip():
        raise Invalid("须说明丢弃的理由", "say why it is discarded", pointer="/reason")
    await _resolve(work, letter_id, "discarded", by, reason)


async def purge_old(work: Work) -> int:
    """Delete letters that were resolved longer than RETENTION ago; return how many."""
    result = await work.run(
        "DELETE FROM kit.dead_letters WHERE resolved_at < :before",
        {"before": work.now - RETENTION},
    )
    return result.rowcount


async def _resolve(work: Work, letter_id: UUID, state: str, by: str, resolution: str) -> Message:
    row = await work.row(
        "SELECT state, message FROM kit.dead_letters WHERE id = :id FOR UPDATE", id=letter_id
    )
    if row is None:
        raise _unknown(letter_id)
    if row["state"] != "open":
        raise Conflict(
            f"死信 {letter_id} 已处理 ({row['state']})",
            f"dead letter {letter_id} is already {row['state']}",
        )
    await work.run(
        "UPDATE kit.dead_letters SET state = :state, resolved_at = :now, resolved_by = :by,"
        " resolution = :resolution WHERE id = :id",
        {"id": letter_id, "state": state, "now": work.now, "by": by, "resolution": resolution},
    )
    return Message.unpacked(work.box.open(bytes(row["message"])))


def _unknown(letter_id: UUID) -> NotFound:
    return NotFound(f"没有死信 {letter_id}", f"no dead letter {letter_id}")
