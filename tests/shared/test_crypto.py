"""Sealing at rest, with keys that are rotated."""

from __future__ import annotations

import pytest

from shared.crypto import Box, CannotOpen, Marks, NoMarkKeys, new_key


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


def test_equal_texts_have_equal_marks_and_a_mark_tells_nothing_of_its_text() -> None:
    marks = Marks(new_key())
    assert marks.mark("phone", "+8613800138000") == marks.mark("phone", "+8613800138000")
    assert marks.mark("phone", "+8613800138000") != marks.mark("phone", "+8613800138001")
    assert b"138" not in marks.mark("phone", "+8613800138000")


def test_the_same_text_as_another_kind_of_thing_has_another_mark() -> None:
    marks = Marks(new_key())
    assert marks.mark("phone", "x") != marks.mark("person", "x")


def test_without_the_key_nobody_makes_the_mark() -> None:
    assert Marks(new_key()).mark("phone", "x") != Marks(new_key()).mark("phone", "x")


def test_a_new_mark_key_in_front_still_finds_what_the_old_one_marked() -> None:
    old, new = new_key(), new_key()
    before, after = Marks(old), Marks(f"{new}, {old}")
    assert before.mark("phone", "x") in after.every("phone", "x")
    assert after.mark("phone", "x") == Marks(new).mark("phone", "x") != before.mark("phone", "x")
    assert after.key_id == Marks(new).key_id != before.key_id


@pytest.mark.parametrize("wrong", ["", "short", "Zm9v", "not base64!"])
def test_what_is_no_mark_key_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="mark key"):
        Marks(wrong)


def test_a_service_without_mark_keys_cannot_mark() -> None:
    with pytest.raises(NoMarkKeys):
        _ = Box(new_key()).marks
