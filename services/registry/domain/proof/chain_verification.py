"""A walk along the chain that names every entry altered, dropped, moved or added (R-21)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .evidence_chain import EMPTY, GENESIS, Entry, Head, hash_of, own_hash

_MOVED_WITHIN = 500
"""How far from its place a moved entry is recognised as moved and not only as altered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and the sequence at which it shows.

    `row` names the row outside the chain that it is about; it is for operators, not for everybody.
    """

    sequence: int
    zh: str
    en: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found: intact entries, the end as it stands, every fault in order."""

    entries: int
    head: Head
    faults: tuple[Fault, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether every entry is as it was written."""
        return not self.faults

    @property
    def broken_at(self) -> int | None:
        """The sequence of the first fault; None when there is none."""
        return self.faults[0].sequence if self.faults else None


class Verification:
    """Walks a chain in the order of its sequence, page by page if it is long (R-21).

    It goes on after a fault, so that every altered, missing or moved entry is named and the sound
    ones around it are not. `anchors` are heads that were noted outside: a chain that was rewritten
    as a whole does not meet them.
    """

    def __init__(self, anchors: Iterable[Head] = ()) -> None:
        self._last = EMPTY
        self._ends = {GENESIS}
        self._sound = 0
        self._faults: list[Fault] = []
        self._anchors: dict[int, set[str]] = {}
        for anchor in anchors:
            self._anchors.setdefault(anchor.sequence, set()).add(anchor.hash)
        self._meet(EMPTY)

    def take(self, entry: Entry) -> bool:
        """Check one entry against itself and the one before; whether it is sound."""
        if entry.sequence <= self._last.sequence:
            self.fault(entry.sequence, "重复或倒序", "comes twice or after a later one")
            return False
        if entry.sequence > self._last.sequence + 1:
            self._missing(self._last.sequence + 1, entry.sequence - 1)
            self._ends = {entry.previous_hash}
        is_sound = self._is_sound(entry)
        self._sound += is_sound
        self._last = Head(entry.sequence, entry.hash)
        self._ends = {entry.hash, own_hash(entry)}
        self._meet(self._last)
        return is_sound

    def fault(self, at: int, zh: str, en: str, row: str = "") -> None:
        """Say what is wrong at the sequence `at`."""
        self._faults.append(Fault(at, zh, en, row))

    def finish(self, head: Head) -> ChainReport:
        """What was found, once every entry up to `head` was taken."""
        if self._last.sequence < head.sequence:
            self._missing(self._last.sequence + 1, head.sequence)
        elif self._last.hash != head.hash:
            self.fault(head.sequence, "与链尾记录不符", "is not what the head says")
        for sequence in self._anchors:
            self.fault(
                sequence,
                f"链止于第 {self._last.sequence} 条，短于留存的链尾",
                f"was noted as the head, but the chain ends at {self._last.sequence}",
            )
        faults = sorted(self._faults, key=lambda fault: fault.sequence)
        return ChainReport(self._sound, self._last, tuple(faults))

    def _is_sound(self, entry: Entry) -> bool:
        is_as_written = own_hash(entry) == entry.hash
        if is_as_written and entry.previous_hash in self._ends:
            return True
        if is_as_written:
            self.fault(entry.sequence, "与前一条不衔接", "does not follow the entry before")
        elif any(_says(entry, before) for before in self._ends):
            self.fault(entry.sequence, "前一条的哈希被改动", "its previous hash was altered")
        elif (place := _place_of(entry)) is not None:
            self.fault(
                entry.sequence, f"由第 {place} 条移来", f"was moved here from the place {place}"
            )
        else:
            self.fault(entry.sequence, "内容被改动", "its content was altered")
        return False

    def _missing(self, first: int, last: int) -> None:
        zh, en = "缺失", "is missing"
        if last > first:
            zh, en = f"至第 {last} 条缺失", f"to {last} are missing"
        self.fault(first, zh, en)

    def _meet(self, reached: Head) -> None:
        noted = self._anchors.pop(reached.sequence, set())
        if noted - {reached.hash}:
            self.fault(
                reached.sequence,
                "与留存的链尾不符：此前的链已被改写",
                "is not the head that was noted: the chain up to here was rewritten",
            )


def verify(entries: Iterable[Entry], head: Head, anchors: Iterable[Head] = ()) -> ChainReport:
    """Walk `entries` and compare the end with `head`, and with what was noted outside (R-21)."""
    verification = Verification(anchors)
    for entry in entries:
        verification.take(entry)
    return verification.finish(head)


def _says(entry: Entry, previous: str) -> bool:
    """Whether the entry is as written after an entry of that hash."""
    return hash_of(previous, entry.sequence, entry.recorded_at, entry.payload) == entry.hash


def _place_of(entry: Entry) -> int | None:
    """The place for which an entry was written, if it stood not far away."""
    first = max(1, entry.sequence - _MOVED_WITHIN)
    for place in range(first, entry.sequence + _MOVED_WITHIN + 1):
        if hash_of(entry.previous_hash, place, entry.recorded_at, entry.payload) == entry.hash:
            return place
    return None
