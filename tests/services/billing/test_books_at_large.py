"""The books under everything at once: a state machine of facts, and many hands at a time."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.consumers import CONSUMERS
from services.billing.handlers.receivables import sweep_accounts
from shared.contracts.envelope import Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    as_fact,
    balances,
    cancelled,
    charge,
    check_books,
    open_items,
    owned,
    payment,
    revenue,
    split,
    take,
    total,
    unapplied,
    unit_revenue,
)
from tests.services.billing.workers import work_off
from tests.support.cast import ELECTRONICS, INSURER, Customer

NEW_YEAR = date(2026, 1, 1)
CUSTOMERS = (ELECTRONICS, INSURER)


def day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


customers = st.sampled_from(CUSTOMERS)
days = st.integers(0, 70)
cents = st.integers(1, 99_999).map(lambda amount: str(Decimal(amount) / 100))
numbers = st.integers(1, 4)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """A fact of any kind; few numbers, so that facts name each other, wait and collide."""
    customer, number, amount = draw(customers), draw(numbers), draw(cents)
    name = f"{customer.code}-{number}"
    kind = draw(st.sampled_from(("revenue", "back", "charge", "cancel", "pay", "return", "split")))
    if kind == "revenue":
        return revenue(customer, f"R-{name}", amount, on=day(draw(days)))
    if kind == "back":
        back = f"-{amount}"
        return revenue(customer, f"RB-{name}", back, on=day(draw(days)), reverses=f"R-{name}")
    if kind == "charge":
        issued = draw(days)
        due = day(issued + draw(st.integers(0, 20)))
        return charge(customer, f"C-{name}", amount, issued=day(issued), due=due, rate="0.06")
    if kind == "cancel":
        part = draw(st.none() | cents)
        return cancelled(f"X-{name}", f"C-{name}", part)
    if kind == "pay":
        names = draw(st.lists(st.sampled_from((f"C-{name}",)), max_size=1))
        return payment(customer, f"P-{name}", amount, *names, on=day(draw(days)))
    if kind == "return":
        return payment(
            customer, f"PB-{name}", f"-{amount}", reverses=f"P-{name}", on=day(draw(days))
        )
    share = Decimal(draw(st.integers(1, 9))) / 10
    return split(
        customer,
        {"GZ": str(share), "SZ": str(1 - share)},
        version=number,
        on=day(draw(days)),
        increment={"GZ-TH": "1"} if draw(st.booleans()) else None,
        base_amount=amount,
    )


def reference(event: Event) -> tuple[str, str]:
    """What makes two facts the same one: the sender's number, or entity and version."""
    entity = getattr(event, "entity", None)
    number = f"{entity.id}/{entity.version}" if entity else str(getattr(event, "ref", ""))
    return type(event).__name__, number


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    story=st.lists(events(), min_size=1, max_size=25, unique_by=reference),
    sizes=st.lists(st.integers(1, 4), max_size=12),
)
async def test_the_books_balance_after_every_fact_b_34(
    work: Work, story: list[Event], sizes: list[int]
) -> None:
    async with work.connection.begin_nested() as savepoint:
        await take(work, owned(ELECTRONICS), owned(INSURER))
        rest = list(story)
        for size in sizes:
            await take(work, *rest[:size])
            rest = rest[size:]
            await check_books(work)
            await check_units(work)
        for on in (day(30), day(60), day(90)):
            await sweep_accounts.overdue(work, on)
            await sweep_accounts.late_fees_grow(work, on)
            await take(work, *rest)
            rest = []
            await check_books(work)
        await savepoint.rollback()
    work._collected = type(work._collected)()


async def check_units(work: Work) -> None:
    """What the units have is what was posted, and what was posted is in the ledger."""
    posted = await work.value("SELECT coalesce(sum(amount), 0) FROM postings")
    assert total((await unit_revenue(work)).values()) == posted
    increments = await work.value(
        "SELECT coalesce(sum(balance), 0) FROM entries WHERE account = 'revenue' AND is_increment"
    )
    assert -increments == await work.value("SELECT coalesce(sum(amount - base), 0) FROM postings")


async def test_many_workers_end_where_one_ends(process: Runtime) -> None:
    facts = [fact for customer in CUSTOMERS for fact in _traffic(customer)]
    async with process.works.begin() as work:
        savepoint = await work.connection.begin_nested()
        for fact in facts:
            await take(work, fact)
        expected = await _state(work)
        await savepoint.rollback()
        work._collected = type(work._collected)()
    random.Random(1).shuffle(facts)
    chunks = [facts[start : start + 7] for start in range(0, len(facts), 7)]
    await work_off(process, [chunks[worker::3] for worker in range(3)])
    async with process.works.begin() as work:
        await check_books(work)
        assert await _state(work) == expected


async def _state(work: Work) -> tuple[dict[str, Decimal], ...]:
    return (
        await balances(work),
        await open_items(work),
        await unapplied(work),
        await unit_revenue(work),
    )


def _traffic(customer: Customer) -> list[Event]:
    code = customer.code
    return [
        owned(customer),
        *(revenue(customer, f"R-{code}-{n}", "10.01", on=day(n)) for n in range(10)),
        *(charge(customer, f"C-{code}-{n}", "20.02", due=day(31 + n)) for n in range(10)),
        *(payment(customer, f"P-{code}-{n}", "15.00", on=day(20 + n)) for n in range(10)),
        *(
            payment(customer, f"N-{code}-{n}", "9.00", f"C-{code}-{n}", on=day(40 + n))
            for n in range(5)
        ),
        *(revenue(customer, f"B-{code}-{n}", "-3.00", reverses=f"R-{code}-{n}") for n in range(5)),
        cancelled(f"X-{code}", f"C-{code}-3"),
    ]


async def test_what_is_delivered_or_sent_twice_is_booked_once_b_35(process: Runtime) -> None:
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(owned(ELECTRONICS))])
    events = [
        revenue(ELECTRONICS, "R-1", 10),
        charge(ELECTRONICS, "C-1", 100),
        payment(ELECTRONICS, "P-1", 40),
    ]
    delivered = [as_fact(event).message for event in events]
    sent_again = [as_fact(event).message for event in events]
    conflicting = as_fact(payment(ELECTRONICS, "P-1", 41)).message
    for messages in (delivered, delivered, sent_again, [conflicting]):
        await process.receiver.receive(messages)
    async with process.works.begin() as work:
        assert await unit_revenue(work) == {"GZ": 10}
        assert await open_items(work) == {"C-1": 60}
        assert await work.value("SELECT count(*) FROM payments") == 1
        letters = await work.rows("SELECT code FROM kit.dead_letters")
        assert [letter["code"] for letter in letters] == ["ref-conflict"]
