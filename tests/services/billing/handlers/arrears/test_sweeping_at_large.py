"""What sweeps do in SQL for all accounts at once is what the domain decides for each (B-13, B-15).

Everything that is kept, posted and told is compared: items, decisions, journal, charges, outbox.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.billing.domain.arrears.fee_decisions import accrue, is_posting_day, mark_overdue
from services.billing.domain.arrears.late_fees import LateFeePlan, TariffRates
from services.billing.domain.receivables.customer_books import CustomerBooks, Reckoning
from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.handlers.receivables import save_accounts, settle_accounts, sweep_accounts
from services.billing.handlers.receivables.account_changes import Changes, Settled
from services.billing.storage.arrears import late_fees
from services.billing.storage.receivables import customer_books, loading
from shared import policy
from shared.contracts.envelope import Event
from shared.money import to_cents
from shared.work import Work
from tests.services.billing.books import (
    charge,
    check_books,
    enter,
    finish,
    merged,
    payment,
    take,
    told,
)
from tests.services.billing.handlers.arrears.stories import (
    CUSTOMERS,
    FIRST,
    day,
    events,
    reference,
)
from tests.support.cast import ELECTRONICS, INSURER, PROVINCE_FINANCE

FLAT = TariffRates(Decimal("0.003"), Decimal("0.003"))
Sweep = Callable[[Work, date], Awaitable[object]]


rates = st.sampled_from(("0", "0.0005", "0.002", "0.003")).map(Decimal)
plans = st.builds(
    LateFeePlan,
    st.dictionaries(st.sampled_from(("household", "other")), st.builds(TariffRates, rates, rates)),
    st.sampled_from(("0.00", "1.00", "7.50")).map(Decimal),
    st.just("daily"),
)
closed_months = st.sampled_from((None, date(2025, 12, 1), date(2026, 1, 1)))
versions = st.lists(st.tuples(st.integers(-10, 90), plans), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    story=st.lists(events(), min_size=1, max_size=16, unique_by=reference),
    split_at=st.integers(0, 16),
    plan=versions,
    sweeps=st.tuples(st.integers(20, 70), st.integers(71, 120)),
    share=st.sampled_from(("0", "0.50", "1.00")).map(Decimal),
    is_merged=st.booleans(),
    is_given_up=st.booleans(),
    closed=closed_months,
)
@example(
    story=[charge(ELECTRONICS, "C-1", 1000, issued=FIRST, due=FIRST)],
    split_at=1,
    plan=[
        (0, LateFeePlan({"other": FLAT}, Decimal(1))),
        (0, LateFeePlan({}, Decimal(1), "daily")),
    ],
    sweeps=(20, 80),
    share=Decimal(1),
    is_merged=False,
    is_given_up=False,
    closed=None,
)
@example(
    story=[charge(ELECTRONICS, "C-1", 1000, issued=FIRST, due=FIRST)],
    split_at=1,
    plan=[(0, LateFeePlan({"other": FLAT}, Decimal(1), "daily"))],
    sweeps=(20, 71),
    share=Decimal("0.50"),
    is_merged=False,
    is_given_up=False,
    closed=date(2026, 1, 1),
)
async def test_late_fees_of_all_grow_as_the_domain_lets_each_grow_b_15(
    work: Work,
    story: list[Event],
    split_at: int,
    plan: list[tuple[int, LateFeePlan]],
    sweeps: tuple[int, int],
    share: Decimal,
    is_merged: bool,
    is_given_up: bool,
    closed: date | None,
) -> None:
    async with work.connection.begin_nested() as savepoint:
        for from_day, body in plan:
            await policy.record_parsed(
                work, body, day(from_day), author="test", reason="test", source="ours"
            )
        await take(work, *story[:split_at])
        if is_merged:
            await take(work, merged(INSURER, ELECTRONICS))
        await sweep_accounts.overdue(work, day(sweeps[0]))
        await sweep_accounts.late_fees_grow(work, day(sweeps[0]))
        await _waive(work, share, day(sweeps[0]))
        await take(work, *story[split_at:])
        if is_given_up:
            await work.run(
                "UPDATE items SET closed_on = :on WHERE charge_id = ("
                "SELECT charge_id FROM charges ORDER BY charge_id LIMIT 1)",
                {"on": day(sweeps[0])},
            )
        if closed is not None:
            await enter(work, PROVINCE_FINANCE)
            await close_month.handle(work, CloseMonth(closed))
        for one_by_one, at_once in ((_overdue, sweep_accounts.overdue), (_grow, _grow_at_once)):
            await _compare(work, one_by_one, at_once, day(sweeps[1]))
        await finish(work)
        await check_books(work)
        await savepoint.rollback()
    work._collected = type(work._collected)()


async def _compare(work: Work, one_by_one: Sweep, at_once: Sweep, on: date) -> None:
    await finish(work)
    await work.run("DELETE FROM kit.outbox")
    before = await work.value("SELECT count(*) FROM journal")
    async with work.connection.begin_nested() as savepoint:
        await one_by_one(work, on)
        await finish(work)
        expected = await _everything(work, before)
        await savepoint.rollback()
    await at_once(work, on)
    await finish(work)
    assert await _everything(work, before) == expected


async def _grow_at_once(work: Work, on: date) -> None:
    await sweep_accounts.late_fees_grow(work, on)


async def _grow(work: Work, on: date) -> None:
    plans = await late_fees.plans(work)
    if is_posting_day(plans, on):
        await _one_by_one(work, lambda books: accrue(books, plans, on))


async def _overdue(work: Work, on: date) -> None:
    await _one_by_one(work, lambda books: mark_overdue(books, on))


async def _one_by_one(work: Work, decide: Callable[[CustomerBooks], Reckoning]) -> None:
    accounts = await customer_books.lock(work, [customer.key for customer in CUSTOMERS])
    books = await loading.load_open(work, accounts, ())
    await save_accounts.save(work, [Settled(own, Changes(), decide(own)) for own in books.values()])


async def _waive(work: Work, share: Decimal, on: date) -> None:
    fees = await work.rows("SELECT item_id, customer_key, billed FROM items WHERE fee_of NOTNULL")
    accounts = await customer_books.lock(work, [fee["customer_key"] for fee in fees])
    changes: dict[UUID, Changes] = {}
    for fee in fees:
        own = changes.setdefault(fee["customer_key"], Changes())
        own.waived[fee["item_id"]] = to_cents(fee["billed"] * share), on
    await settle_accounts.settle(work, accounts, changes)


_EVERYTHING: Sequence[str] = (
    "SELECT to_jsonb(items) FROM items ORDER BY item_id",
    "SELECT to_jsonb(charges) FROM charges ORDER BY charge_id",
    "SELECT to_jsonb(d) - 'recorded_at' FROM late_fee_decisions d ORDER BY item_id, version",
    "SELECT line - 'journal_id' FROM (SELECT to_jsonb(journal) AS line FROM journal"
    " ORDER BY ctid OFFSET :before) posted"
    " ORDER BY line ->> 'item_id', line ->> 'kind', line ->> 'event_on'",
    "SELECT convert_from(body, 'UTF8')::jsonb - 'id' FROM kit.outbox"
    " ORDER BY subject, convert_from(body, 'UTF8')::jsonb -> 'data' -> 'entity'",
)


async def _everything(work: Work, before: int) -> list[list[Any]]:
    found = []
    for statement in _EVERYTHING:
        named = {"before": before} if ":before" in statement else {}
        found.append([row[0] for row in await work.run(statement, named)])
    return found


async def test_what_grew_in_a_month_that_is_closed_is_booked_in_the_next_and_says_so_b_15(
    work: Work,
) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=FIRST, due=FIRST))
    await enter(work, PROVINCE_FINANCE)
    await close_month.handle(work, CloseMonth(date(2025, 12, 1)))
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    (line,) = await work.rows("SELECT event_on, booked_on FROM journal WHERE kind = 'late_fee'")
    assert (line["event_on"], line["booked_on"]) == (date(2025, 12, 31), date(2026, 1, 1))
    await take(work, payment(ELECTRONICS, "P-1", 1000, on=date(2025, 12, 30)))
    await take(work, payment(ELECTRONICS, "P-2", 1000, on=date(2026, 1, 2)))
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    facts = await told(work, "dakehu.billing.late_fee_posted.v1")
    assert [(fact["because"], fact.get("booked_on")) for fact in facts] == [
        ("accrued", "2026-01-01"),
        ("settled", "2026-01-01"),
    ]


async def test_ids_of_what_is_told_in_bulk_are_those_of_any_message(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=FIRST, due=FIRST))
    await work.run("DELETE FROM kit.outbox")
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    rows = await work.rows(
        "SELECT message_id, convert_from(body, 'UTF8')::jsonb ->> 'id' AS id FROM kit.outbox"
    )
    assert len(rows) == 2
    for row in rows:
        assert row["message_id"] == f"billing/{row['id']}"
        assert UUID(row["id"]).version == 7
    assert len({row["id"] for row in rows}) == 2


async def test_portions_together_are_the_whole_and_each_is_done_once(work: Work) -> None:
    on = date(2025, 12, 31)
    await take(
        work,
        *(charge(each, f"C-{each.code}", 1000, issued=FIRST, due=FIRST) for each in CUSTOMERS),
    )
    reached, seen = None, []
    while True:
        customers_of_it = await _portion(work, on, reached)
        seen.append(customers_of_it[0])
        reached = customers_of_it[1]
        if reached is None:
            break
    assert sum(seen) == len(CUSTOMERS)
    assert await sweep_accounts.late_fees_grow(work, on) == 0
    await finish(work)
    await check_books(work)


async def _portion(work: Work, on: date, after: UUID | None) -> tuple[int, UUID | None]:
    """A portion of one open item, as `late_fees_portion` takes ten thousand."""
    portion = await sweep_accounts.late_fees_portion(work, on, after, items=1)
    return portion.due, portion.reached
