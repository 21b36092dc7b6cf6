"""Marks of confidential values: a phone or a person is found, and nobody reads it (R-81)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from services.registry.storage.identity import spelling
from shared.work import Work

PHONE, PERSON, ADDRESS = "phone", "person", "address"
_SPELL: dict[str, Callable[[str], str | None]] = {
    PHONE: spelling.phone,
    PERSON: spelling.person,
    ADDRESS: spelling.address,
}
_DROP = "DELETE FROM contact_marks WHERE customer_key = %s::uuid AND source = %s::text"
_ADD = """
INSERT INTO contact_marks (customer_key, source, kind, mark, key_id, sealed, recorded_at)
SELECT %s::uuid, %s::text, kind, mark, %s::text, sealed, %s::timestamptz
FROM unnest(%s::text[], %s::bytea[], %s::bytea[]) AS said (kind, mark, sealed)
ON CONFLICT DO NOTHING
"""
_OLD = """
SELECT customer_key, source, kind, mark, sealed FROM contact_marks WHERE key_id <> :key_id
ORDER BY customer_key, source, kind, mark LIMIT :most FOR UPDATE
"""
_RENEW = """
UPDATE contact_marks held SET mark = renewed.fresh, key_id = %s::text, sealed = renewed.sealed
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[])
    AS renewed (customer_key, source, kind, mark, fresh, sealed)
WHERE held.customer_key = renewed.customer_key AND held.source = renewed.source
    AND held.kind = renewed.kind AND held.mark = renewed.mark
"""


async def keep(
    work: Work,
    customer_key: UUID,
    source: str,
    *,
    phones: Iterable[str] = (),
    people: Iterable[str] = (),
    addresses: Iterable[str] = (),
) -> None:
    """Let the customer be found by what the record `source` says of it now; replaces what it said.

    The values come as people write them; what is no phone number or no name is left out. Without
    any the record says nothing any more.
    """
    said = [
        *((PHONE, each) for each in phones),
        *((PERSON, each) for each in people),
        *((ADDRESS, each) for each in addresses),
    ]
    values = sorted({(kind, text) for kind, each in said if (text := _SPELL[kind](each))})
    await work.bulk(_DROP, customer_key, source)
    if values:
        marks = work.box.marks
        await work.bulk(
            *(_ADD, customer_key, source, marks.key_id, work.now),
            [kind for kind, _ in values],
            [marks.mark(kind, text) for kind, text in values],
            [work.box.seal(text.encode()) for _, text in values],
        )


def sought(work: Work, kind: str, text: str) -> list[bytes]:
    """The marks under which `text` may stand, one for each key; empty for what is no such thing."""
    value = _SPELL[kind](text)
    return [] if value is None else work.box.marks.every(kind, value)


def is_one(kind: str, text: str) -> bool:
    """Whether `text` is a phone number, a name or an address at all."""
    return _SPELL[kind](text) is not None


async def renew(work: Work, at_most: int) -> int:
    """Make marks of older keys anew, `at_most` of them; returns how many."""
    marks = work.box.marks
    rows = await work.rows(_OLD, key_id=marks.key_id, most=at_most)
    if rows:
        opened = [work.box.open(row["sealed"]) for row in rows]
        await work.bulk(
            *(_RENEW, marks.key_id),
            [row["customer_key"] for row in rows],
            [row["source"] for row in rows],
            [row["kind"] for row in rows],
            [row["mark"] for row in rows],
            _fresh(work, [row["kind"] for row in rows], opened),
            [work.box.seal(plain) for plain in opened],
        )
    return len(rows)


def _fresh(work: Work, kinds: Sequence[str], opened: Sequence[bytes]) -> list[bytes]:
    marks = work.box.marks
    return [marks.mark(kind, text.decode()) for kind, text in zip(kinds, opened, strict=True)]
