"""Where a fact that takes back meets the fact that it names, whichever comes first.

A reversal of something unknown waits. So that neither side misses the other, both hold a reference
row first. A row for every single fact would be dear on the hot path, so the numbers of each kind
share a few: whoever brings facts holds theirs FOR SHARE, which hinders nobody; only a reversal that
names something unknown holds one FOR UPDATE, and looks again before it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

from shared.work import Work

_MEETING_PLACES = 16

_AWAITED = "SELECT DISTINCT key FROM kit.waiting WHERE kind = %s::text AND key = ANY(%s::text[])"


def key_of(system: str, ref: str) -> str:
    """What a reversal waits on: the sender's number of the original."""
    return f"{system}:{ref}"


async def meet(work: Work, kind: str, brought: Iterable[str], missed: Iterable[str]) -> None:
    """Hold the meeting places of keys that this work brings, and of those that it misses.

    After it, look for what was missed once more, and `wake` who waits for what was brought.
    """
    alone = {_place(key) for key in missed}
    await work.settle(f"{kind}-numbers", alone)
    await work.refer(f"{kind}-numbers", {_place(key) for key in brought} - alone)


async def wake(work: Work, kind: str, brought: Sequence[str]) -> None:
    """Let the facts run that wait on any of the keys that this work has made known."""
    if not brought:
        return
    awaited = [key for (key,) in await work.bulk(_AWAITED, kind, list(brought))]
    if awaited:
        await work.settle(kind, awaited)


def _place(key: str) -> str:
    return str(crc32(key.encode()) % _MEETING_PLACES)
