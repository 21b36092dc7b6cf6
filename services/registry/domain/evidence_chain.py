"""A chain of records of which none can be changed, dropped or moved unseen (R-21).

Every entry carries the hash of the one before it, so a changed entry breaks its own hash and a
missing one the next. The head, kept apart, shows a cut-off end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the chain as stored; `payload` is canonical JSON, byte for byte."""

    sequence: int
    recorded_at: datetime
    payload: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many entries it has and the hash of the last."""

    sequence: int
    hash: str


EMPTY = Head(0, GENESIS)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found; `broken_at` is the sequence of the first entry that is wrong."""

    entries: int
    head: str
    broken_at: int | None = None
    reason_zh: str = ""
    reason_en: str = ""

    @property
    def is_intact(self) -> bool:
        """Whether every entry is as it was written."""
        return self.broken_at is None


def canonical(payload: Mapping[str, object]) -> str:
    """`payload` as the one text that is hashed: keys sorted, no blanks, Chinese unescaped.

    Values are strings, integers, booleans, None, lists and mappings of these; dates and decimals
    are written as strings by the caller.
    """
    return json.dumps(
        payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def append(head: Head, recorded_at: datetime, payload: Mapping[str, object]) -> Entry:
    """The next entry after `head`, recorded at the aware instant `recorded_at` (R-21)."""
    text = canonical(payload)
    sequence = head.sequence + 1
    return Entry(
        sequence=sequence,
        recorded_at=recorded_at,
        payload=text,
        previous_hash=head.hash,
        hash=_hash(head.hash, sequence, recorded_at, text),
    )


def verify(entries: Iterable[Entry], head: Head) -> ChainReport:
    """Walk `entries` in the order of their sequence and compare the end with `head` (R-21).

    Stops at the first entry that is wrong; reads each once, so a long chain can be streamed.
    """
    last = EMPTY
    for entry in entries:
        expected = _hash(last.hash, entry.sequence, entry.recorded_at, entry.payload)
        if entry.sequence != last.sequence + 1:
            return _broken(last, last.sequence + 1, "缺少记录", "an entry is missing")
        if entry.previous_hash != last.hash:
            return _broken(last, entry.sequence, "与前一条不衔接", "does not follow on")
        if entry.hash != expected:
            return _broken(last, entry.sequence, "内容被改动", "its content was altered")
        last = Head(entry.sequence, entry.hash)
    if last != head:
        return _broken(last, last.sequence + 1, "末尾被截断", "the end was cut off")
    return ChainReport(last.sequence, last.hash)


def _broken(last: Head, at: int, zh: str, en: str) -> ChainReport:
    return ChainReport(last.sequence, last.hash, at, zh, en)


def _hash(previous: str, sequence: int, recorded_at: datetime, payload: str) -> str:
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    text = f"{previous}\n{sequence}\n{moment}\n{payload}"
    return hashlib.sha256(text.encode()).hexdigest()
