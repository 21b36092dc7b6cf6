"""Revenue postings: inserted in bulk on the hot path, re-stated with their history kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.billing.domain.revenue.revenue import Decided, Left, Posting, UnitShare
from shared.work import Work

_INSERT = """
INSERT INTO postings (posting_id, customer_key, journal_id, split_id, reverses, occurred_on,
    decided_on, version, terms_version, event_at, amount, base, reversed, remaining, remaining_base,
    system, ref, original_ref, business_line, rule, signed_at_unit, occurred_at_unit)
SELECT posting_id, customer_key, journal_id, split_id, reverses, occurred_on, decided_on, 1,
    terms_version, event_at, amount, base, reversed, remaining, remaining_base, system, ref,
    original_ref, business_line, rule, signed_at_unit, occurred_at_unit
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::date[],
    %s::int4[], %s::timestamptz[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],
    %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[])
    AS posting (posting_id, customer_key, journal_id, split_id, reverses, occurred_on, decided_on,
        terms_version, event_at, amount, base, reversed, remaining, remaining_base, system, ref,
        original_ref, business_line, rule, signed_at_unit, occurred_at_unit)
"""

_COLUMNS = """
posting_id, customer_key, system, ref, business_line, amount, occurred_on, decided_on,
signed_at_unit, occurred_at_unit, reverses, original_ref, version, journal_id, split_id,
terms_version, rule, base, reversed, event_at, remaining_base, remaining - remaining_base
"""
_CUSTOMERS = "SELECT posting_id, customer_key FROM postings WHERE posting_id = ANY(%s::uuid[])"
_ORIGINALS = f"""
SELECT {_COLUMNS} FROM postings WHERE posting_id = ANY(%s::uuid[]) ORDER BY posting_id FOR UPDATE
"""
_FAMILIES = f"""
SELECT {_COLUMNS} FROM postings WHERE posting_id = ANY(%s::uuid[])
UNION ALL
SELECT {_COLUMNS} FROM postings WHERE reverses = ANY(%s::uuid[])
"""
_DECIDED_ON = f"""
SELECT {_COLUMNS} FROM postings WHERE customer_key = %s::uuid AND decided_on = ANY(%s::date[])
"""
_FAMILY = '(decided_on, system COLLATE "C", coalesce(original_ref, ref) COLLATE "C")'
_FROM = f"""
SELECT {_COLUMNS} FROM postings
WHERE customer_key = %s::uuid AND decided_on >= %s::date
    AND {_FAMILY} >= (%s::date, %s::text, %s::text)
"""
_BEFORE = f"""
SELECT coalesce(sum(amount), 0) FROM postings
WHERE customer_key = %s::uuid AND decided_on BETWEEN %s::date AND %s::date
    AND {_FAMILY} < (%s::date, %s::text, %s::text)
"""
_TAKE_FROM = """
UPDATE postings SET reversed = reversed + taken.amount
FROM unnest(%s::uuid[], %s::numeric[]) AS taken (posting_id, amount)
WHERE postings.posting_id = taken.posting_id
"""
_SHARES = """
SELECT journal_id, unit, CASE WHEN credit = 'revenue' THEN amount ELSE -amount END, is_increment
FROM journal WHERE journal_id = ANY(%s::uuid[]) ORDER BY journal_id, line_no
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A posting with the decision that holds now and where its lines are."""

    posting: Posting
    version: int
    journal_id: UUID
    split_id: UUID | None
    terms_version: int
    rule: str
    base: Decimal
    reversed: Decimal
    event_at: datetime
    left: Left | None
    """Of a reversal; not known of one that was accepted before it was kept."""

    @property
    def still_there(self) -> Decimal:
        """Yuan that no reversal has taken back."""
        return self.posting.amount + self.reversed

    def says(self, decided: Decided) -> bool:
        """Whether the decision that holds is `decided`."""
        terms = decided.terms
        held = (self.split_id, self.terms_version, self.rule, self.base, self.left)
        return held == (terms.split_id, terms.version, terms.rule, decided.base, decided.left)


@dataclass(frozen=True, slots=True)
class New:
    """A decided posting on its way into the books; `reversed` is what the same batch takes back."""

    decided: Decided
    journal_id: UUID
    event_at: datetime
    reversed: Decimal


async def insert(work: Work, news: Sequence[New]) -> None:
    """Add postings with one statement."""
    if not news:
        return
    rows = [
        (
            new.decided.posting.posting_id,
            new.decided.posting.customer_key,
            new.journal_id,
            new.decided.terms.split_id,
            new.decided.posting.reverses,
            new.decided.posting.occurred_on,
            new.decided.posting.decided_on,
            new.decided.terms.version,
            new.event_at,
            new.decided.posting.amount,
            new.decided.base,
            new.reversed,
            remaining(new.decided),
            remaining_base(new.decided),
            new.decided.posting.system,
            new.decided.posting.ref,
            new.decided.posting.original_ref,
            new.decided.posting.business_line,
            new.decided.terms.rule,
            new.decided.posting.signed_at_unit,
            new.decided.posting.occurred_at_unit,
        )
        for new in news
    ]
    await work.bulk(_INSERT, *(list(column) for column in zip(*rows, strict=True)))


async def customers_of(work: Work, posting_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The customers of those of `posting_ids` that are in the books, without any lock."""
    if not posting_ids:
        return {}
    return {row[0]: row[1] for row in await work.bulk(_CUSTOMERS, sorted(posting_ids))}


async def originals(work: Work, posting_ids: Collection[UUID]) -> dict[UUID, Stored]:
    """The postings that reversals name, held until the work ends."""
    if not posting_ids:
        return {}
    stored = _stored(await work.bulk(_ORIGINALS, sorted(posting_ids)))
    return {each.posting.posting_id: each for each in stored}


async def families(work: Work, original_ids: Collection[UUID]) -> list[Stored]:
    """Originals with all that takes them back; whoever calls holds the originals."""
    if not original_ids:
        return []
    keys = sorted(original_ids)
    return _stored(await work.bulk(_FAMILIES, keys, keys))


async def take_from(work: Work, amounts: Mapping[UUID, Decimal]) -> None:
    """Note how much more of each original is reversed (yuan with the reversal's sign)."""
    if amounts:
        keys = sorted(amounts)
        await work.bulk(_TAKE_FROM, keys, [amounts[key] for key in keys])


async def decided_on(work: Work, customer_key: UUID, days: Iterable[date]) -> list[Stored]:
    """A customer's postings that the terms of any of `days` decide."""
    return _stored(await work.bulk(_DECIDED_ON, customer_key, sorted(days)))


async def since(work: Work, customer_key: UUID, family: tuple[date, str, str]) -> list[Stored]:
    """A customer's postings from `family` on, in their order."""
    stored = _stored(await work.bulk(_FROM, customer_key, family[0], *family))
    return sorted(stored, key=lambda each: each.posting.order)


async def revenue_before(work: Work, customer_key: UUID, family: tuple[date, str, str]) -> Decimal:
    """A customer's revenue (yuan) of the calendar year of `family` that lies in front of it."""
    new_year = date(family[0].year, 1, 1)
    rows = await work.bulk(_BEFORE, customer_key, new_year, family[0], *family)
    amount: Decimal = rows[0][0]
    return amount


def remaining(decided: Decided) -> Decimal | None:
    """Of a reversal: what it leaves of its original (yuan)."""
    return None if decided.left is None else decided.left.base + decided.left.increment


def remaining_base(decided: Decided) -> Decimal | None:
    """Of a reversal: what it leaves of that part of its original that keeps the base (yuan)."""
    return None if decided.left is None else decided.left.base


def _stored(rows: Iterable[tuple[Any, ...]]) -> list[Stored]:
    return [_read(row[:12], row[12:-2], row[-2:]) for row in rows]


def _read(posting: Sequence[Any], decision: Sequence[Any], left: Sequence[Any]) -> Stored:
    held = (None,) if left[0] is None else (Left(*left),)
    return Stored(Posting(*posting), *decision, *held)


async def page(work: Work, after: UUID | None, size: int) -> list[Stored]:
    """The next postings in order of id."""
    rows = await work.bulk(
        f"SELECT {_COLUMNS} FROM postings WHERE posting_id > %s::uuid"
        " ORDER BY posting_id LIMIT %s::int4",
        after or UUID(int=0),
        size,
    )
    return _stored(rows)


async def shares(work: Work, journal_ids: Collection[UUID]) -> dict[UUID, list[UnitShare]]:
    """The shares that the lines of journals give to units, in the order of the lines."""
    found: dict[UUID, list[UnitShare]] = {}
    for journal_id, *share in await work.bulk(_SHARES, sorted(journal_ids)):
        found.setdefault(journal_id, []).append(UnitShare(*share))
    return found
