"""R-44, R-45: the same facts of revenue end in the same books, however they come.

Owners and splits of several versions, with a base and without, revenue below zero too, and what
takes it back: whole or in parts, on other days and in other months, before what it takes back.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.handlers.revenue import follow_terms
from shared.contracts.envelope import Event, Published
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import check_books, fate_codes, owned, revenue, split, take, told
from tests.services.billing.workers import work_off
from tests.support.cast import ELECTRONICS, INSURER, Customer

FIRST = date(2025, 12, 1)
UNITS = ("GZ", "SZ", "GZ-TH", "SZ-NS")
WEIGHTS = (("1",), ("0.5", "0.5"), ("0.3333", "0.3333", "0.3334"), ("0.7", "0.2", "0.1"))

days = st.integers(0, 62).map(lambda number: FIRST + timedelta(days=number))
cents = st.integers(1, 20_000).map(lambda amount: Decimal(amount) / 100)


@st.composite
def shares(draw: st.DrawFn) -> dict[str, str]:
    weights = draw(st.sampled_from(WEIGHTS))
    units = draw(st.permutations(UNITS))
    return dict(zip(units, weights, strict=False))


@st.composite
def versions(draw: st.DrawFn, version: int) -> Event:
    has_base = draw(st.booleans())
    return split(
        ELECTRONICS,
        draw(shares()),
        version=version,
        on=draw(days),
        increment=draw(shares()) if has_base else None,
        base_amount=str(draw(cents)) if has_base else None,
        rule=draw(st.sampled_from(("ruling", "type-b", "base-increment"))),
    )


@st.composite
def recorded(draw: st.DrawFn, number: int) -> list[Event]:
    """Revenue, and up to four parts of it that are taken back; names sort either way."""
    sign = draw(st.sampled_from((1, 1, 1, -1)))
    amount = draw(cents)
    name = draw(st.sampled_from((f"A-{number}", f"Z-{number}")))
    line = draw(st.sampled_from(("express", "letters")))
    facts: list[Event] = [
        revenue(ELECTRONICS, name, str(sign * amount), on=draw(days), line=line),
    ]
    left = amount
    for part in range(draw(st.integers(0, 4))):
        back = min(left, draw(cents))
        left -= back
        if back:
            ref, on = f"M-{number}-{part}", draw(days)
            facts.append(
                revenue(ELECTRONICS, ref, str(-sign * back), on=on, line=line, reverses=name)
            )
    return facts


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    facts: list[Event] = [
        owned(ELECTRONICS, "GZ", version=1, on=draw(days)),
        owned(ELECTRONICS, "SZ", version=2, on=draw(days)),
    ]
    facts += [draw(versions(version)) for version in range(1, 1 + draw(st.integers(0, 3)))]
    for number in range(draw(st.integers(1, 4))):
        facts += draw(recorded(number))
    return facts


async def the_books(work: Work) -> dict[str, Any]:
    """Revenue by month, line, unit and part; and every posting with what decided it."""
    rows = await work.rows(
        "SELECT to_char(event_on, 'YYYY-MM') AS month, business_line, unit, is_increment,"
        " -sum(balance) AS amount FROM entries WHERE account = 'revenue'"
        " GROUP BY 1, 2, 3, 4 HAVING sum(balance) <> 0 ORDER BY 1, 2, 3, 4"
    )
    postings = await work.rows(
        "SELECT ref, rule, terms_version, split_id, base, reversed, decided_on FROM postings"
        " ORDER BY ref"
    )
    return {"units": [tuple(row.values()) for row in rows], "postings": [dict(p) for p in postings]}


async def what_others_hold(work: Work) -> dict[str, list[tuple[str, str, Decimal]]]:
    """By posting: the shares of the last version that was told."""
    newest: dict[str, Any] = {}
    for fact in await told(work, "dakehu.billing.revenue_posted.v1"):
        held = newest.get(fact["posting_id"])
        if held is None or held["entity"]["version"] < fact["entity"]["version"]:
            newest[fact["posting_id"]] = fact
    return {
        posting_id: sorted(
            (share["unit"], share["kind"], Decimal(share["amount"]["amount"]))
            for share in fact["shares"]
        )
        for posting_id, fact in newest.items()
    }


async def what_the_ledger_says(work: Work) -> dict[str, list[tuple[str, str, Decimal]]]:
    rows = await work.rows(
        "SELECT source_id::text AS posting_id, unit, is_increment, -sum(balance) AS amount"
        " FROM entries WHERE account = 'revenue' GROUP BY 1, 2, 3 HAVING sum(balance) <> 0"
    )
    found: dict[str, list[tuple[str, str, Decimal]]] = {}
    for row in rows:
        kind = "increment" if row["is_increment"] else "base"
        found.setdefault(row["posting_id"], []).append((row["unit"], kind, row["amount"]))
    return {posting_id: sorted(parts) for posting_id, parts in found.items()}


async def ends(work: Work, facts: list[Event], sizes: list[int]) -> dict[str, Any]:
    """The books after `facts` came in portions of `sizes`, the rest one by one.

    What registry tells comes twice; a number of a sender is claimed before a handler sees it.
    """
    async with work.connection.begin_nested() as savepoint:
        rest = list(facts)
        for size in [*sizes, *(1 for _ in facts)]:
            portion, rest = rest[:size], rest[size:]
            if portion:
                again = [fact for fact in portion if isinstance(fact, Published)]
                await take(work, *portion, *again)
        assert set((await fate_codes(work)).values()) <= {"accepted"}
        assert await what_others_hold(work) == await what_the_ledger_says(work)
        assert await follow_terms.repair(work, work.today) == 0
        await check_books(work)
        found = await the_books(work)
        await savepoint.rollback()
    work._collected = type(work._collected)()
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(data=st.data(), story=stories(), sizes=st.lists(st.integers(1, 6), max_size=8))
async def test_r45_any_order_and_any_portions_end_in_the_same_books(
    work: Work, data: st.DataObject, story: list[Event], sizes: list[int]
) -> None:
    found = await ends(work, data.draw(st.permutations(story)), sizes)
    expected = await ends(work, story, [len(story)])
    for part in expected:
        assert found[part] == expected[part]


def _traffic(customer: Customer, *, has_base: bool) -> list[Event]:
    """Revenue of two months, each piece taken back in three parts, under a split that changes."""
    thirds = {"GZ": "0.3333", "SZ": "0.3333", "GZ-TH": "0.3334"}
    facts: list[Event] = [owned(customer)]
    for version, start in enumerate((1, 20, 10), 1):
        is_beyond = has_base and version != 2
        facts.append(
            split(
                customer,
                thirds if version != 2 else {"SZ": "0.5", "GZ": "0.5"},
                version=version,
                on=FIRST + timedelta(days=start),
                increment=thirds if is_beyond else None,
                base_amount="250.01" if is_beyond else None,
            )
        )
    for number in range(6):
        name, on = f"{customer.code}-{number}", FIRST + timedelta(days=7 * number)
        facts.append(revenue(customer, name, "100.01", on=on))
        for part, (amount, later) in enumerate((("-33.34", 40), ("-0.02", 0), ("-33.31", 20))):
            day = on + timedelta(days=later)
            facts.append(revenue(customer, f"{name}-{part}", amount, on=day, reverses=name))
    return facts


async def test_r45_several_workers_and_changing_terms_end_where_one_ends(process: Runtime) -> None:
    """R-44, R-45: reversals of the same original meet in different transactions."""
    facts = _traffic(ELECTRONICS, has_base=True) + _traffic(INSURER, has_base=False)
    async with process.works.begin() as work:
        expected = await ends(work, facts, [len(facts)])
    Random(45).shuffle(facts)
    portions = [facts[start : start + 3] for start in range(0, len(facts), 3)]
    await work_off(process, [portions[lane::3] for lane in range(3)])
    async with process.works.begin() as work:
        await check_books(work)
        assert await what_others_hold(work) == await what_the_ledger_says(work)
        assert await the_books(work) == expected
