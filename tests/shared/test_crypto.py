"""Sealing at rest, with keys that are rotated."""

from __future__ import annotations

import pytest

from shared.crypto import Box, CannotOpen, new_key


def test_what_is_sealed_cannot_be_read_but_opened() -> None:
    box = Box(new_key())
    sealed = box.seal("机密".encode())
    assert "机密".encode() not in sealed
    assert box.open(sealed).decode() == "机密"


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed() -> None:
    old, new = new_key(), new_key()
    sealed = Box(old).seal(b"x")
    rotated = Box(f"{new},{old}")
    assert rotated.open(sealed) == b"x"
    assert Box(new).open(rotated.reseal(sealed)) == b"x"


def test_an_unknown_key_or_an_altered_byte_opens_nothing() -> None:
    box = Box(new_key())
    sealed = bytearray(box.seal(b"x"))
    sealed[20] ^= 1
    with pytest.raises(CannotOpen):
        box.open(bytes(sealed))
    with pytest.raises(CannotOpen):
        box.open(Box(new_key()).seal(b"x"))
