"""What has come before: every message takes effect once, however often it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.work import Work

RETENTION = timedelta(days=45)
"""Longer than the streams keep messages (30 days): a replay from the start is still recognised."""

_REMEMBER = """
INSERT INTO kit.inbox (source, id, received_at)
SELECT source, id, %s::timestamptz FROM unnest(%s::text[], %s::text[]) AS message (source, id)
ON CONFLICT DO NOTHING RETURNING source, id
"""


async def remember(work: Work, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Mark the messages named by `keys` (source, id) as received; return those that are new.

    A concurrent transaction that marks the same key is waited for: exactly one of the two finds it
    new. Keys are sorted so that two such transactions cannot deadlock.
    """
    ordered = sorted(set(keys))
    if not ordered:
        return set()
    rows = await work.bulk(
        _REMEMBER, work.now, [source for source, _ in ordered], [key for _, key in ordered]
    )
    return {(str(source), str(key)) for source, key in rows}


async def forget_old(work: Work) -> int:
    """Delete marks that are older than RETENTION; return how many."""
    result = await work.run(
        "DELETE FROM kit.inbox WHERE received_at < :before", {"before": work.now - RETENTION}
    )
    return result.rowcount
