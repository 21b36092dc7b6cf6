"""Marks of confidential values: a phone or a person is found, and nobody reads it (R-81)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.registry.storage.identity import spelling
from shared.work import Work

PHONE, PERSON, ADDRESS = "phone", "person", "address"
_SPELL: dict[str, Callable[[str], str | None]] = {
    PHONE: spelling.phone,
    PERSON: spelling.person,
    ADDRESS: spelling.address,
}
_DROP = """
DELETE FROM contact_marks USING unnest(%s::uuid[], %s::text[]) AS said (customer_key, source)
WHERE contact_marks.customer_key = said.customer_key AND contact_marks.source = said.source
"""
_ADD = """
INSERT INTO contact_marks (customer_key, source, kind, mark, key_id, sealed, sealed_with,
    recorded_at)
SELECT customer_key, source, kind, mark, %s::text, sealed, %s::text, %s::timestamptz
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])
    AS said (customer_key, source, kind, mark, sealed)
ON CONFLICT DO NOTHING
"""
_OLD = """
SELECT customer_key, source, kind, mark, sealed FROM contact_marks
WHERE key_id <> :key_id OR sealed_with <> :newest
ORDER BY customer_key, source, kind, mark LIMIT :most FOR UPDATE
"""
_RENEW = """
UPDATE contact_marks held SET mark = renewed.fresh, key_id = %s::text, sealed = renewed.sealed,
    sealed_with = %s::text
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[])
    AS renewed (customer_key, source, kind, mark, fresh, sealed)
WHERE held.customer_key = renewed.customer_key AND held.source = renewed.source
    AND held.kind = renewed.kind AND held.mark = renewed.mark
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What one record, called `source`, says of a customer now; as people write it."""

    customer_key: UUID
    source: str
    phones: Sequence[str] = ()
    people: Sequence[str] = ()
    addresses: Sequence[str] = ()

    def values(self) -> list[tuple[str, str]]:
        """Everything in it that is a phone number, a name or an address, in its one spelling."""
        said = [
            *((PHONE, each) for each in self.phones),
            *((PERSON, each) for each in self.people),
            *((ADDRESS, each) for each in self.addresses),
        ]
        return sorted({(kind, text) for kind, each in said if (text := _SPELL[kind](each))})


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
    record = Record(customer_key, source, tuple(phones), tuple(people), tuple(addresses))
    await keep_many(work, [record])


async def keep_many(work: Work, records: Sequence[Record]) -> None:
    """As `keep`, for many records with two statements; each customer and source once."""
    if not records:
        return
    ordered = sorted(records, key=lambda each: (each.customer_key, each.source))
    await work.bulk(
        _DROP, [each.customer_key for each in ordered], [each.source for each in ordered]
    )
    values = [(each, kind, text) for each in ordered for kind, text in each.values()]
    if values:
        marks = work.box.marks
        await work.bulk(
            *(_ADD, marks.key_id, work.box.newest, work.now),
            [each.customer_key for each, _, _ in values],
            [each.source for each, _, _ in values],
            [kind for _, kind, _ in values],
            [marks.mark(kind, text) for _, kind, text in values],
            [work.box.seal(text.encode()) for _, _, text in values],
        )


def sought(work: Work, kind: str, text: str) -> list[bytes]:
    """The marks under which `text` may stand, one for each key; empty for what is no such thing."""
    value = _SPELL[kind](text)
    return [] if value is None else work.box.marks.every(kind, value)


def is_one(kind: str, text: str) -> bool:
    """Whether `text` is a phone number, a name or an address at all."""
    return _SPELL[kind](text) is not None


async def renew(work: Work, at_most: int) -> int:
    """Mark and seal anew what older keys did, `at_most` of it; returns how many."""
    marks = work.box.marks
    rows = await work.rows(_OLD, key_id=marks.key_id, newest=work.box.newest, most=at_most)
    if rows:
        opened = [work.box.open(row["sealed"]) for row in rows]
        await work.bulk(
            *(_RENEW, marks.key_id, work.box.newest),
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
