"""What was owed on any day is what the ledger has until then, whole and page by page (B-17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import RowMapping

from services.billing.handlers.receivables import sweep_accounts
from services.billing.storage.arrears import reports
from shared.contracts.envelope import Event
from shared.work import Work
from tests.services.billing.books import charge, enter, merged, payment, take
from tests.services.billing.handlers.arrears.stories import day, events, reference
from tests.support.cast import ELECTRONICS, INSURER, PROVINCE_DIRECTOR

_LEDGER = """
SELECT item_id, sum(balance) AS balance FROM entries
WHERE account = 'receivable' AND event_on <= :on AND item_id IS NOT NULL
GROUP BY item_id HAVING sum(balance) <> 0
"""
Listed = list[tuple[date, UUID, Decimal]]


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    story=st.lists(events(), min_size=1, max_size=16, unique_by=reference),
    split_at=st.integers(0, 16),
    asked=st.lists(st.integers(-5, 110), min_size=1, max_size=4),
    is_merged=st.booleans(),
    size=st.integers(1, 4),
)
async def test_what_was_owed_on_any_day_is_what_the_ledger_has_until_then_b_17(
    work: Work, story: list[Event], split_at: int, asked: list[int], is_merged: bool, size: int
) -> None:
    async with work.connection.begin_nested() as savepoint:
        await take(work, *story[:split_at])
        for month_end in (date(2025, 12, 31), date(2026, 1, 31)):
            await sweep_accounts.late_fees_grow(work, month_end)
        await take(work, *story[split_at:])
        if is_merged:
            await take(work, merged(INSURER, ELECTRONICS))
        await enter(work, PROVINCE_DIRECTOR)
        for number in asked:
            await _check(work, day(number), size)
        await savepoint.rollback()
    work._collected = type(work._collected)()


async def _check(work: Work, on: date, size: int) -> None:
    ledger = {row["item_id"]: row["balance"] for row in await work.rows(_LEDGER, on=on)}
    listed = _listed(await work.rows(reports.AGEING, on=on, customer_key=None))
    assert {item_id: balance for _, item_id, balance in listed} == ledger
    assert await _paged(work, on, size) == sorted(listed)
    for statement in (reports.AGEING_BY_CUSTOMER, reports.AGEING_BY_UNIT, reports.AGEING_BY_LINE):
        rows = await work.rows(statement, on=on, customer_key=None, firsts=[1, 31])
        assert sum(row["balance"] for row in rows) == sum(ledger.values())


async def _paged(work: Work, on: date, size: int) -> Listed:
    pages: Listed = []
    while True:
        page = await _page(work, on, size, *(pages[-1][:2] if pages else (None, None)))
        pages += page
        if len(page) < size:
            return pages


async def _page(
    work: Work, on: date, size: int, after_due: date | None = None, after_item: UUID | None = None
) -> Listed:
    rows = await work.rows(
        reports.AGEING_PAGE,
        on=on,
        customer_key=None,
        after_due=after_due,
        after_item=after_item,
        at_most=size,
    )
    return _listed(rows)


def _listed(rows: Sequence[RowMapping]) -> Listed:
    return [(row["due_order"], row["item_id"], row["balance"]) for row in rows]


async def test_a_page_of_what_is_owed_starts_behind_the_last_whatever_was_paid_since_b_17(
    work: Work,
) -> None:
    due = [day(30) + timedelta(days=number) for number in range(4)]
    await take(
        work,
        *(charge(ELECTRONICS, f"C-{on}", 100, issued=day(0), due=on) for on in due),
    )
    await enter(work, PROVINCE_DIRECTOR)
    first = await _page(work, due[-1], 2)
    await take(work, payment(ELECTRONICS, "P-1", 100, f"C-{due[0]}", on=due[0]))
    await take(work, charge(ELECTRONICS, "C-before", 100, issued=day(0), due=day(1)))
    second = await _page(work, due[-1], 3, *first[-1][:2])
    assert [on for on, _, _ in first + second] == due
