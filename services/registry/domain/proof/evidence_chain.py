"""A chain of records of which none can be changed, dropped or moved unseen (R-21).

Every entry carries the hash of the one before it, so a changed entry breaks its own hash and a
missing one the next. The head, kept apart, shows a cut-off end.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.errors import Conflict, Invalid

GENESIS = "0" * 64
_HASH = re.compile("[0-9a-f]{64}")


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

    def __str__(self) -> str:
        """As people note it down: `1234:9f86d0…`."""
        return f"{self.sequence}:{self.hash}"


EMPTY = Head(0, GENESIS)


class NotAHead(Invalid):
    """What was noted of a chain is its sequence and the 64 digits of its hash."""

    code = "not-a-chain-head"
    rule = "R-21"
    title_zh = "链尾记录格式不符"
    title_en = "Not a chain head"


class AlteredEntry(Conflict):
    """An entry of the chain is not what was written: it is no evidence."""

    code = "altered-chain-entry"
    rule = "R-21"
    title_zh = "申报记录已被改动"
    title_en = "Altered chain entry"


def head_from(text: str) -> Head:
    """The head that somebody noted as `sequence:hash`; raises NotAHead."""
    number, _, digits = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and _HASH.fullmatch(digits)):
        raise NotAHead(
            f"“{text}”应为“序号:64位哈希”",
            f"“{text}” should be a sequence, a colon and the 64 digits of a hash",
        )
    return Head(int(number), digits)


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
        hash=hash_of(head.hash, sequence, recorded_at, text),
    )


def require_evidence(entries: Sequence[Entry]) -> list[Mapping[str, Any]]:
    """What the entries of one declaration say, if they are as written; raises AlteredEntry (R-21).

    The first is the submission: without it the rest proves nothing.
    """
    said = [_as_written(entry) for entry in entries]
    if not said or said[0].get("step") != "submitted":
        raise _altered(entries[0].sequence if entries else None)
    return said


def own_hash(entry: Entry) -> str:
    """The hash that the entry has by what it says of itself."""
    return hash_of(entry.previous_hash, entry.sequence, entry.recorded_at, entry.payload)


def hash_of(previous: str, sequence: int, recorded_at: datetime, payload: str) -> str:
    """The hash of an entry in that place after one of the hash `previous`."""
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    text = f"{previous}\n{sequence}\n{moment}\n{payload}"
    return hashlib.sha256(text.encode()).hexdigest()


def _as_written(entry: Entry) -> Mapping[str, Any]:
    if own_hash(entry) != entry.hash:
        raise _altered(entry.sequence)
    try:
        said = json.loads(entry.payload)
    except ValueError as error:
        raise _altered(entry.sequence) from error
    if not isinstance(said, dict):
        raise _altered(entry.sequence)
    return said


def _altered(sequence: int | None) -> AlteredEntry:
    return AlteredEntry(
        "申报链上的记录已不是当时所写，不能作为凭证；"
        "请运行 python -m services.registry verify declarations 查明",
        "an entry of the chain is not what was written and proves nothing;"
        " run python -m services.registry verify declarations to find what was altered",
        sequence=sequence,
    )
