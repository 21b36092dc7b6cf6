"""How the journal is kept: only ever added to, many lines with one statement.

Every line is in the books on the day it belongs to, or, where the month of that day is closed, on
the first day that is open (`booked_on`). That is decided here, and the database refuses the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from services.billing.domain.books.journal import Journal, JournalKind
from services.billing.domain.revenue.revenue import Decided
from shared.identifiers import NEW_ID, id_prefix
from shared.work import Work

# Asked once for a statement. It holds the months as they are until the transaction ends.
_BOOKED_ON = "nullif(greatest(event_on, (SELECT open_from())), event_on)"

_POST = f"""
INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, reverses, debit, credit,
    amount, event_on, booked_on, customer_key, unit, business_line, is_increment, item_id,
    created_at)
SELECT journal_id, line_no, kind, source_id, event_at, reverses, debit::account, credit::account,
    amount, event_on, {_BOOKED_ON}, customer_key, unit, business_line, is_increment, item_id,
    %s::timestamptz
FROM unnest(%s::uuid[], %s::int2[], %s::text[], %s::uuid[], %s::timestamptz[], %s::uuid[],
    %s::text[], %s::text[], %s::numeric[], %s::date[], %s::uuid[], %s::text[], %s::text[],
    %s::bool[], %s::uuid[])
    AS line (journal_id, line_no, kind, source_id, event_at, reverses, debit, credit, amount,
        event_on, customer_key, unit, business_line, is_increment, item_id)
"""

# The hot path. Shares come with the number of their posting, so that nothing is sent twice.
_POST_REVENUE = """
WITH books AS MATERIALIZED (SELECT open_from() AS open_from), posted AS (
INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, debit, credit, amount,
    event_on, booked_on, customer_key, unit, business_line, is_increment, created_at)
SELECT posting.journal_id, share.line_no, %s::text, posting.posting_id, posting.event_at,
    CASE WHEN share.amount > 0 THEN 'billed_clearing'::account ELSE 'revenue' END,
    CASE WHEN share.amount > 0 THEN 'revenue'::account ELSE 'billed_clearing' END,
    abs(share.amount), posting.occurred_on,
    nullif(greatest(posting.occurred_on, books.open_from), posting.occurred_on),
    posting.customer_key, share.unit, posting.business_line, share.is_increment, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::date[], %s::uuid[], %s::text[])
    WITH ORDINALITY AS posting (journal_id, posting_id, event_at, occurred_on, customer_key,
        business_line, number)
JOIN unnest(%s::int4[], %s::int2[], %s::text[], %s::numeric[], %s::bool[])
    AS share (number, line_no, unit, amount, is_increment) USING (number)
CROSS JOIN books)
SELECT open_from FROM books
"""

_TAKE_BACK = f"""
INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, reverses, debit, credit,
    amount, event_on, booked_on, customer_key, unit, business_line, is_increment, item_id,
    created_at)
SELECT pair.taking_back, line_no, %s::text, source_id, event_at, journal_id, credit, debit,
    amount, event_on, {_BOOKED_ON}, customer_key, unit, business_line, is_increment, item_id,
    %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[]) AS pair (taken_back, taking_back)
JOIN journal ON journal_id = pair.taken_back
"""

_POST_SELECTED = """
INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, debit, credit, amount,
    event_on, booked_on, customer_key, is_increment, item_id, created_at)
SELECT {new_id}, 1, kind, source_id, given.at,
    CASE WHEN amount > 0 THEN debit::account ELSE credit::account END,
    CASE WHEN amount > 0 THEN credit::account ELSE debit::account END,
    abs(amount), event_on, {booked_on}, customer_key, false, item_id, given.at
FROM (SELECT %s::timestamptz AS at) given, ({lines}) line
WHERE amount <> 0
"""

_BOOKED_LATE = """
SELECT DISTINCT journal_id, booked_on FROM journal
WHERE journal_id = ANY(%s::uuid[]) AND booked_on IS NOT NULL
"""


async def open_from(work: Work) -> date:
    """The first day that is open; the months stay as they are until the work ends."""
    day: date = await work.value("SELECT open_from()")
    return day


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


async def post_selected(work: Work, lines: str, *parameters: object) -> None:
    """Add a journal for every line that SQL makes, with one statement: for thousands at once.

    `lines` is a query for (kind, source_id, item_id, customer_key, debit, credit, amount, event_on)
    with amounts in yuan of any sign: none for zero, turned round below zero.
    """
    statement = _POST_SELECTED.format(new_id=NEW_ID, booked_on=_BOOKED_ON, lines=lines)
    await work.bulk(statement, id_prefix(work.now), work.now, *parameters)


async def post_revenue(
    work: Work, kind: JournalKind, journals: Sequence[tuple[UUID, datetime, Decided]]
) -> date:
    """Dr billed clearing, Cr revenue of each unit; turned round for what takes back.

    `journals` are (new journal, instant of the fact, decided posting), all in one statement.
    Returns the first day that is open: what belongs to an earlier one is in the books on it.
    """
    postings = [
        (
            journal_id,
            decided.posting.posting_id,
            event_at,
            decided.posting.occurred_on,
            decided.posting.customer_key,
            decided.posting.business_line,
        )
        for journal_id, event_at, decided in journals
    ]
    shares = [
        (number, line_no, part.unit, part.amount, part.is_increment)
        for number, (_, _, decided) in enumerate(journals, 1)
        for line_no, part in enumerate(decided.shares, 1)
    ]
    if not shares:
        return date.min
    columns = [*zip(*postings, strict=True), *zip(*shares, strict=True)]
    rows = await work.bulk(_POST_REVENUE, kind.value, work.now, *map(list, columns))
    open_from: date = rows[0][0]
    return open_from


async def take_back(work: Work, kind: str, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """For each (journal, id of the new one) add a journal that reverses every line of it."""
    if pairs:
        taken_back, taking_back = zip(*pairs, strict=True)
        await work.bulk(_TAKE_BACK, kind, work.now, list(taken_back), list(taking_back))


async def booked_late(work: Work, journal_ids: Collection[UUID]) -> dict[UUID, date]:
    """Of those journals whose month was closed: the day in the books."""
    return {row[0]: row[1] for row in await work.bulk(_BOOKED_LATE, sorted(journal_ids))}
