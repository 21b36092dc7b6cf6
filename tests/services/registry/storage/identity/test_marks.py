"""R-81, R-60: phones and people are found by marks; the table tells nobody who they are."""

from __future__ import annotations

from uuid import UUID

from services.registry.storage.identity import marks
from shared.crypto import Box, new_key
from shared.identifiers import new_id
from shared.work import Work


async def found(work: Work, kind: str, text: str) -> set[UUID]:
    """The customers that have the phone, person or address."""
    rows = await work.rows(
        "SELECT customer_key FROM contact_marks WHERE kind = :kind AND mark = ANY(:marks)",
        kind=kind,
        marks=marks.sought(work, kind, text),
    )
    return {row["customer_key"] for row in rows}


async def test_r81_a_customer_is_found_by_its_phone_however_it_is_written(work: Work) -> None:
    key = new_id()
    await marks.keep(work, key, "base", phones=["020-38881234", "无"], people=["陳小明"])
    assert await found(work, "phone", "+86 20 3888 1234") == {key}
    assert await found(work, "person", "陈小明") == {key}
    assert await found(work, "phone", "020-38881235") == set()
    assert await found(work, "phone", "陈小明") == set()


async def test_what_a_record_says_now_replaces_what_it_said_and_nothing_else(work: Work) -> None:
    key = new_id()
    await marks.keep(work, key, "contact/1", phones=["13800138000"])
    await marks.keep(work, key, "contact/2", phones=["13800138001"])
    await marks.keep(work, key, "contact/1", phones=["13800138002"])
    assert await found(work, "phone", "13800138000") == set()
    assert await found(work, "phone", "13800138001") == {key}
    await marks.keep(work, key, "contact/2")
    assert await found(work, "phone", "13800138001") == set()
    assert await found(work, "phone", "13800138002") == {key}


async def test_r60_the_table_holds_no_phone_and_no_name(work: Work) -> None:
    await marks.keep(work, new_id(), "base", phones=["13800138000"], people=["陈小明"])
    row = await work.value("SELECT string_agg(contact_marks::text, '') FROM contact_marks")
    assert "13800138000" not in row
    assert "陈小明" not in row
    raw = await work.value("SELECT string_agg(sealed, ''::bytea) FROM contact_marks")
    assert b"13800138000" not in bytes(raw)


async def test_r60_marks_move_to_a_new_key_and_are_found_all_the_while(work: Work) -> None:
    old, new, data = new_key(), new_key(), new_key()
    key = new_id()
    work.box = Box(data, old)
    await marks.keep(work, key, "base", phones=["13800138000"], people=["陈小明"])
    work.box = Box(data, f"{new},{old}")
    assert await found(work, "phone", "13800138000") == {key}
    assert await marks.renew(work, at_most=1) == 1
    assert await marks.renew(work, at_most=10) == 1
    assert await marks.renew(work, at_most=10) == 0
    work.box = Box(data, new)
    assert await found(work, "phone", "13800138000") == {key}
    assert await found(work, "person", "陈小明") == {key}


async def test_r60_an_old_key_of_the_data_can_be_dropped_after_renewing(work: Work) -> None:
    old, new, mark = new_key(), new_key(), new_key()
    key = new_id()
    work.box = Box(old, mark)
    await marks.keep(work, key, "base", phones=["13800138000"])
    work.box = Box(f"{new},{old}", mark)
    assert [await marks.renew(work, at_most=10) for _ in range(2)] == [1, 0]
    work.box = Box(new, f"{new_key()},{mark}")
    assert await marks.renew(work, at_most=10) == 1
    assert await found(work, "phone", "13800138000") == {key}
