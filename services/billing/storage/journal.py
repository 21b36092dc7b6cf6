"""How the journal is kept: only ever added to, many lines with one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.billing.domain.journal import Journal
from shared.work import Work

_POST = """
INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, reverses, debit, credit,
    amount, event_on, customer_key, unit, business_line, is_increment, item_id, created_at)
SELECT journal_id, line_no, kind, source_id, event_at, reverses, debit::account, credit::account,
    amount, event_on, customer_key, unit, business_line, is_increment, item_id, %s::timestamptz
FROM unnest(%s::uuid[], %s::int2[], %s::text[], %s::uuid[], %s::timestamptz[], %s::uuid[],
    %s::text[], %s::text[], %s::numeric[], %s::date[], %s::uuid[], %s::text[], %s::text[],
    %s::bool[], %s::uuid[])
    AS line (journal_id, line_no, kind, source_id, event_at, reverses, debit, credit, amount,
        event_on, customer_key, unit, business_line, is_increment, item_id)
"""

_TAKE_BACK = """
INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, reverses, debit, credit,
    amount, event_on, customer_key, unit, business_line, is_increment, item_id, created_at)
SELECT pair.taking_back, line_no, %s::text, source_id, event_at, journal_id, credit, debit,
    amount, event_on, customer_key, unit, business_line, is_increment, item_id, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[]) AS pair (taken_back, taking_back)
JOIN journal ON journal_id = pair.taken_back
"""


async def post(work: Work, journals: Iterable[Journal]) -> None:
    """Add `journals` with one statement. Nothing ever changes what is in the journal."""
    rows = [
        (
            journal.journal_id,
            number,
            journal.kind.value,
            journal.source_id,
            journal.event_at,
            journal.reverses,
            line.debit.value,
            line.credit.value,
            line.amount,
            line.event_on,
            line.customer_key,
            line.unit,
            line.business_line,
            line.is_increment,
            line.item_id,
        )
        for journal in journals
        for number, line in enumerate(journal.lines, 1)
    ]
    if rows:
        await work.bulk(_POST, work.now, *(list(column) for column in zip(*rows, strict=True)))


async def take_back(work: Work, kind: str, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """For each (journal, id of the new one) add a journal that reverses every line of it."""
    if pairs:
        taken_back, taking_back = zip(*pairs, strict=True)
        await work.bulk(_TAKE_BACK, kind, work.now, list(taken_back), list(taking_back))
