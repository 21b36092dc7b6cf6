"""What a file has said so far, small enough for a million rows."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_FIRST_SIZE = 1 << 12
_FULLEST = 0.6


class Seen:
    """Texts with the line on which each was seen first and a mark of what was said there.

    An open-addressing table in three arrays: some 40 bytes a text, where a dict takes five times
    that. Texts are kept as 64-bit hashes.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make(_FIRST_SIZE)

    def first(self, text: str, line: int, mark: int = 0) -> tuple[int, int] | None:
        """The (line, mark) with which `text` was seen before; None, and kept, when it is new."""
        key = hash64(text) or 1
        at = self._find(key)
        if self._keys[at]:
            return self._lines[at], self._marks[at]
        self._put(at, key, line, mark)
        self._count += 1
        if self._count > len(self._keys) * _FULLEST:
            self._grow()
        return None

    def __contains__(self, text: str) -> bool:
        return bool(self._keys[self._find(hash64(text) or 1)])

    def _make(self, size: int) -> None:
        self._keys = array("Q", bytes(8 * size))
        self._marks = array("Q", bytes(8 * size))
        self._lines = array("L", bytes(array("L").itemsize * size))

    def _find(self, key: int) -> int:
        keys, last = self._keys, len(self._keys) - 1
        at = key & last
        while keys[at] and keys[at] != key:
            at = (at + 1) & last
        return at

    def _put(self, at: int, key: int, line: int, mark: int) -> None:
        self._keys[at], self._lines[at], self._marks[at] = key, line, mark

    def _grow(self) -> None:
        had = zip(self._keys, self._lines, self._marks, strict=True)
        self._make(len(self._keys) * 2)
        for key, line, mark in had:
            if key:
                self._put(self._find(key), key, line, mark)


def hash64(text: str) -> int:
    """A hash that is the same in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
