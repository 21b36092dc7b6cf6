"""Revenue postings: inserted in bulk on the hot path, re-stated with their history kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.billing.domain.revenue.revenue import Decided, Posting, UnitShare
from shared.work import Work

_INSERT = """
INSERT INTO postings (posting_id, customer_key, journal_id, split_id, reverses, occurred_on,
    decided_on, version, terms_version, event_at, amount, base, reversed, remaining, system, ref,
    business_line, rule, signed_at_unit, occurred_at_unit)
SELECT posting_id, customer_key, journal_id, split_id, reverses, occurred_on, decided_on, 1,
    terms_version, event_at, amount, base, reversed, remaining, system, ref, business_line, rule,
    signed_at_unit, occurred_at_unit
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::date[],
    %s::int4[], %s::timestamptz[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS posting (posting_id, customer_key, journal_id, split_id, reverses, occurred_on, decided_on,
        terms_version, event_at, amount, base, reversed, remaining, system, ref, business_line,
        rule, signed_at_unit, occurred_at_unit)
"""

_COLUMNS = """
posting_id, customer_key, system, ref, business_line, amount, occurred_on, decided_on,
signed_at_unit, occurred_at_unit, reverses, remaining, version, journal_id, split_id,
terms_version, rule, base, reversed, event_at
"""
_EXISTING = "SELECT posting_id FROM postings WHERE posting_id = ANY(%s::uuid[])"
_ORIGINALS = f"""
SELECT {_COLUMNS} FROM postings WHERE posting_id = ANY(%s::uuid[]) ORDER BY posting_id FOR UPDATE
"""
_DECIDED_ON = f"""
SELECT {_COLUMNS} FROM postings WHERE customer_key = %s::uuid AND decided_on = ANY(%s::date[])
"""
_FROM = f"""
SELECT {_COLUMNS} FROM postings
WHERE customer_key = %s::uuid AND (decided_on, system COLLATE "C", ref COLLATE "C")
    >= (%s::date, %s::text, %s::text)
"""
_BEFORE = """
SELECT coalesce(sum(amount), 0) FROM postings
WHERE customer_key = %s::uuid AND decided_on >= %s::date
    AND (decided_on, system COLLATE "C", ref COLLATE "C") < (%s::date, %s::text, %s::text)
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

    @property
    def still_there(self) -> Decimal:
        """Yuan that no reversal has taken back."""
        return self.posting.amount + self.reversed

    def says(self, decided: Decided) -> bool:
        """Whether the decision that holds is `decided`."""
        terms = decided.terms
        held = (self.split_id, self.terms_version, self.rule, self.base)
        return held == (terms.split_id, terms.version, terms.rule, decided.base)


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
            new.decided.posting.remaining,
            new.decided.posting.system,
            new.decided.posting.ref,
            new.decided.posting.business_line,
            new.decided.terms.rule,
            new.decided.posting.signed_at_unit,
            new.decided.posting.occurred_at_unit,
        )
        for new in news
    ]
    await work.bulk(_INSERT, *(list(column) for column in zip(*rows, strict=True)))


async def existing(work: Work, posting_ids: Collection[UUID]) -> set[UUID]:
    """Those of `posting_ids` that are in the books, without any lock."""
    if not posting_ids:
        return set()
    return {key for (key,) in await work.bulk(_EXISTING, sorted(posting_ids))}


async def originals(work: Work, posting_ids: Collection[UUID]) -> dict[UUID, Stored]:
    """The postings that reversals name, held until the work ends."""
    if not posting_ids:
        return {}
    stored = _stored(await work.bulk(_ORIGINALS, sorted(posting_ids)))
    return {each.posting.posting_id: each for each in stored}


async def take_from(work: Work, amounts: Mapping[UUID, Decimal]) -> None:
    """Note how much more of each original is reversed (yuan with the reversal's sign)."""
    if amounts:
        keys = sorted(amounts)
        await work.bulk(_TAKE_FROM, keys, [amounts[key] for key in keys])


async def decided_on(work: Work, customer_key: UUID, days: Iterable[date]) -> list[Stored]:
    """A customer's postings that the terms of any of `days` decide."""
    return _stored(await work.bulk(_DECIDED_ON, customer_key, sorted(days)))


async def since(work: Work, customer_key: UUID, order: tuple[date, str, str]) -> list[Stored]:
    """A customer's postings from `order` on, in their order."""
    stored = _stored(await work.bulk(_FROM, customer_key, *order))
    return sorted(stored, key=lambda each: each.posting.order)


async def revenue_before(work: Work, customer_key: UUID, order: tuple[date, str, str]) -> Decimal:
    """A customer's revenue (yuan) of the calendar year of `order` that lies in front of it."""
    new_year = date(order[0].year, 1, 1)
    rows = await work.bulk(_BEFORE, customer_key, new_year, *order)
    amount: Decimal = rows[0][0]
    return amount


def _stored(rows: Iterable[tuple[object, ...]]) -> list[Stored]:
    return [Stored(Posting(*row[:12]), *row[12:]) for row in rows]  # type: ignore[arg-type]


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
