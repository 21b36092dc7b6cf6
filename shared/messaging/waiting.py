"""Facts about something not known yet, and the rows on which the two sides meet.

The user of a reference first holds its row FOR SHARE (`refer`) and then looks up what may be
missing; the resolver makes it known and holds the row FOR UPDATE (`settle`). Whoever comes second
sees the other, so a fact never waits for what is already there. Keys are locked in sorted order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.contracts.envelope import Event
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact, Message, decode

if TYPE_CHECKING:
    from shared.work import Work

_UPSERT = """
INSERT INTO kit.references (kind, key)
SELECT %s::text, key FROM unnest(%s::text[]) AS reference (key)
ON CONFLICT DO NOTHING
"""
_LOCK = (
    "SELECT key FROM kit.references WHERE kind = %s::text AND key = ANY(%s::text[]) ORDER BY key"
)

_KEEP = """
INSERT INTO kit.waiting (id, kind, key, subject, system, source, event_id, ref, message, since)
SELECT id, kind, key, subject, system, source, event_id, ref, message, %s::timestamptz
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::bytea[])
    AS fact (id, kind, key, subject, system, source, event_id, ref, message)
"""

_CLAIM = """
DELETE FROM kit.waiting
WHERE kind = %s::text AND key = ANY(%s::text[])
RETURNING message
"""


async def refer(work: Work, kind: str, keys: Iterable[str]) -> None:
    """Hold the reference rows `keys` of `kind` FOR SHARE until the transaction ends."""
    await _lock(work, kind, sorted(set(keys)), "FOR SHARE")


async def settle(work: Work, kind: str, keys: Iterable[str]) -> list[Fact[Event]]:
    """Hold the rows FOR UPDATE and take the facts that wait on them; the caller handles these."""
    ordered = sorted(set(keys))
    await _lock(work, kind, ordered, "FOR UPDATE")
    claimed = await work.bulk(_CLAIM, kind, ordered) if ordered else []
    facts = [decode(Message.unpacked(work.box.open(bytes(sealed)))) for (sealed,) in claimed]
    return sorted(facts, key=lambda fact: (fact.time, fact.id))


async def keep(work: Work, waits: Sequence[tuple[Fact[Event], str, str]]) -> None:
    """Keep every (fact, kind, key) until `settle` is called for its kind and key."""
    if not waits:
        return
    await work.bulk(
        _KEEP,
        work.now,
        [new_id() for _ in waits],
        [kind for _, kind, _ in waits],
        [key for _, _, key in waits],
        [fact.subject for fact, _, _ in waits],
        [fact.system for fact, _, _ in waits],
        [fact.source for fact, _, _ in waits],
        [fact.id for fact, _, _ in waits],
        [fact.ref for fact, _, _ in waits],
        [work.box.seal(fact.message.packed()) for fact, _, _ in waits],
    )


async def listing(
    work: Work, *, after: UUID | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """What waits, oldest first: for which kind and key, since when; never the content."""
    rows = await work.rows(
        "SELECT id, kind, key, subject, system, event_id, ref, since FROM kit.waiting"
        " WHERE CAST(:after AS uuid) IS NULL OR id > :after ORDER BY id LIMIT :limit",
        after=after,
        limit=limit,
    )
    return [dict(row) for row in rows]


async def _lock(work: Work, kind: str, ordered: list[str], strength: str) -> None:
    if ordered:
        await work.bulk(_UPSERT, kind, ordered)
        await work.bulk(f"{_LOCK} {strength}", kind, ordered)
