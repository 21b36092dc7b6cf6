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


class Verification:
    """Walks a chain in the order of its sequence, page by page if it is long (R-21).

    `take` says whether to go on; `finish` compares the end with the head.
    """

    def __init__(self) -> None:
        self._last = EMPTY
        self._fault: ChainReport | None = None

    def take(self, entry: Entry) -> bool:
        """Check one entry; False once something was wrong."""
        if self._fault is not None:
            return False
        last = self._last
        expected = _hash(last.hash, entry.sequence, entry.recorded_at, entry.payload)
        if entry.sequence != last.sequence + 1:
            self.fault(last.sequence + 1, "缺少记录", "an entry is missing")
        elif entry.previous_hash != last.hash:
            self.fault(entry.sequence, "与前一条不衔接", "does not follow the entry before")
        elif entry.hash != expected:
            self.fault(entry.sequence, "内容被改动", "its content was altered")
        else:
            self._last = Head(entry.sequence, entry.hash)
        return self._fault is None

    def fault(self, at: int, zh: str, en: str) -> None:
        """Say that entry `at` is wrong; the first fault stays."""
        if self._fault is None:
            self._fault = ChainReport(self._last.sequence, self._last.hash, at, zh, en)

    def finish(self, head: Head) -> ChainReport:
        """What was found, once every entry was taken."""
        if self._last != head:
            self.fault(self._last.sequence + 1, "末尾被截断", "the end was cut off")
        return self._fault or ChainReport(self._last.sequence, self._last.hash)


def verify(entries: Iterable[Entry], head: Head) -> ChainReport:
    """Walk `entries` and compare the end with `head`; stops at the first that is wrong (R-21)."""
    verification = Verification()
    all(verification.take(entry) for entry in entries)
    return verification.finish(head)


def _hash(previous: str, sequence: int, recorded_at: datetime, payload: str) -> str:
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    text = f"{previous}\n{sequence}\n{moment}\n{payload}"
    return hashlib.sha256(text.encode()).hexdigest()
