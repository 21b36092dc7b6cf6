"""The row by which a customer is looked for; whoever saves a customer keeps it, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.registry.domain.register.customers import Customer
from services.registry.storage.identity.spelling import Spelling, features, spelled
from shared.work import Work

BETWEEN = "\n"
"""Between two terms: in no text that anybody looks for."""
_HELD = """
SELECT customer_key, name, short_name, former_names FROM customer_search
WHERE customer_key = ANY(%s::uuid[])
"""
_KEEP = """
INSERT INTO customer_search AS held (customer_key, name, short_name, former_names, features)
SELECT said.customer_key, said.name, said.short_name,
       coalesce(string_to_array(nullif(former, ''), E'\\n'), '{}'),
       ARRAY(SELECT piece::bigint FROM unnest(string_to_array(features, ' ')) AS piece)
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS said (customer_key, name, short_name, former, features)
ON CONFLICT (customer_key) DO UPDATE
    SET name = excluded.name, short_name = excluded.short_name,
        former_names = excluded.former_names, features = excluded.features,
        terms = '', pinyin = '', grams = '{}'
"""
_NAME = """
INSERT INTO customer_names AS held (customer_key, name, terms, pinyin)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (customer_key) DO UPDATE
    SET name = excluded.name, terms = excluded.terms, pinyin = excluded.pinyin
"""
_MISSING = """
SELECT c.customer_key, c.name, c.short_name FROM customers c
WHERE NOT EXISTS (SELECT FROM customer_search held WHERE held.customer_key = c.customer_key)
ORDER BY c.customer_key LIMIT :most
"""


async def keep(work: Work, customers: Sequence[Customer]) -> None:
    """Let the customers be found by the names that they have now and those they had before.

    The rows of the customers are locked, as whoever saves them has done.
    """
    said = [(each.customer_key, each.name, each.short_name) for each in customers]
    await _keep(work, said)


async def keep_missing(work: Work, at_most: int) -> int:
    """Make the rows of customers that have none, `at_most` of them; returns how many."""
    rows = await work.rows(_MISSING, most=at_most)
    await _keep(work, [(row["customer_key"], row["name"], row["short_name"]) for row in rows])
    return len(rows)


async def _keep(work: Work, said: Sequence[tuple[UUID, str, str | None]]) -> None:
    if not said:
        return
    held = {
        key: (name, short_name, former)
        for key, name, short_name, former in await work.bulk(_HELD, [key for key, _, _ in said])
    }
    rows = [
        _row(key, name, short_name, _former(held.get(key), name, short_name))
        for key, name, short_name in sorted(said, key=lambda each: each[0])
        if key not in held or held[key][:2] != (name, short_name)
    ]
    if rows:
        kept, named = zip(*rows, strict=True)
        await work.bulk(_KEEP, *(list(column) for column in zip(*kept, strict=True)))
        await work.bulk(_NAME, *(list(column) for column in zip(*named, strict=True)))


def _former(
    held: tuple[str, str | None, list[str]] | None, name: str, short_name: str | None
) -> list[str]:
    """The names that it no longer has, in the order in which they were given up."""
    if held is None:
        return []
    now = {name, short_name}
    had = [*held[2], held[0], held[1]]
    return list(dict.fromkeys(each for each in had if each and each not in now))


def _row(
    key: UUID, name: str, short_name: str | None, former: list[str]
) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What is kept of the names of a customer, and what they are looked for by."""
    own = spelled(name)
    spellings = [own, *(spelled(each) for each in (short_name, *former) if each)]
    numbers = " ".join(str(number) for number in features(spellings))
    terms = dict.fromkeys(term for each in spellings for term in _terms(each))
    return (
        (key, name, short_name, BETWEEN.join(former), numbers),
        (key, name, BETWEEN.join(terms), own.pinyin),
    )


def _terms(spelling: Spelling) -> tuple[str, ...]:
    return (spelling.keys.full, spelling.initials)


def grams(term: str) -> set[str]:
    """The pieces of a term: its signs, its pairs, and its triples of Latin letters and digits.

    The database's `name_pieces` takes the same pieces out of what is looked through.
    Pairs of Chinese characters are rare enough to look for; pairs of letters are not.
    """
    pairs = {term[at : at + 2] for at in range(len(term) - 1)}
    triples = {piece for at in range(len(term) - 2) if (piece := term[at : at + 3]).isascii()}
    return {*term} | pairs | triples


def sought(term: str) -> list[str]:
    """The longest pieces of a term that is looked for, sorted: all of them are in what has it."""
    pieces = grams(term)
    if len(term) < 3:
        return [term]
    pairs = {piece for piece in pieces if len(piece) == 2 and not piece.isascii()}
    triples = {piece for piece in pieces if len(piece) == 3}
    return sorted(pairs | triples) or sorted(piece for piece in pieces if len(piece) == 2)
