"""Rulings and changed splits: reversal and new posting, unit totals always those of the ledger."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from itertools import permutations
from uuid import UUID

from services.billing.consumers import CONSUMERS
from services.billing.handlers.revenue import follow_terms
from shared.contracts.envelope import Event
from shared.identifiers import derived_id
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    as_fact,
    balances,
    owned,
    revenue,
    split,
    take,
    told,
    total,
    unit_revenue,
)
from tests.support.cast import ELECTRONICS, INSURER

POSTED = "dakehu.billing.revenue_posted.v1"
RULING = derived_id("ruling", 1)


async def test_a_ruling_restates_revenue_from_its_effective_date_on_r_37(work: Work) -> None:
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 31)),
        revenue(ELECTRONICS, "R-2", 200, on=date(2026, 2, 1)),
    )
    ruling = split(
        ELECTRONICS,
        {"SZ": "0.7", "GZ": "0.3"},
        on=date(2026, 2, 1),
        rule="ruling",
        ruling_id=RULING,
    )
    await take(work, ruling)
    assert await unit_revenue(work) == {"GZ": 160, "SZ": 140}
    assert await balances(work) == {"billed_clearing": 300, "revenue": -300}
    last = (await told(work, POSTED))[-1]
    assert last["entity"]["version"] == 2
    assert last["rule"] == "ruling"
    assert last["restates"] == {"version": 1, "reason": "ruling", "ruling_id": str(RULING)}


async def test_the_books_keep_what_was_restated(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 100))
    before = await work.value("SELECT journal_id FROM postings")
    await take(work, split(ELECTRONICS, {"SZ": "1"}))
    rows = await work.rows("SELECT journal_id, reverses, kind FROM journal ORDER BY created_at")
    assert len(rows) == 3
    assert [row["reverses"] for row in rows if row["reverses"]] == [before]
    history = await work.rows("SELECT version, journal_id, rule, reason FROM posting_history")
    assert [dict(row) for row in history] == [
        {"version": 1, "journal_id": before, "rule": "default", "reason": "split-changed"}
    ]


async def test_the_same_split_again_restates_nothing(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 100))
    await take(work, split(ELECTRONICS, {"SZ": "1"}))
    count = await work.value("SELECT count(*) FROM journal")
    await take(work, split(ELECTRONICS, {"SZ": "1"}))
    assert await work.value("SELECT count(*) FROM journal") == count
    assert await follow_terms.repair(work, work.today) == 0


async def test_a_restated_original_keeps_its_reversal_with_it(work: Work) -> None:
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 10)),
        revenue(ELECTRONICS, "R-2", -100, on=date(2026, 3, 10), reverses="R-1"),
    )
    await take(work, split(ELECTRONICS, {"SZ": "1"}, on=date(2026, 2, 1)))
    assert await unit_revenue(work) == {}
    await take(work, split(ELECTRONICS, {"SZ": "1"}, version=2, on=date(2026, 1, 1)))
    assert await unit_revenue(work) == {}
    assert await work.value("SELECT min(version) FROM postings") == 2


async def test_any_order_of_facts_ends_with_the_same_shares(process: Runtime) -> None:
    facts: list[Event] = [
        owned(ELECTRONICS, on=date(2026, 1, 5)),
        split(ELECTRONICS, {"SZ": "1"}, version=1, on=date(2026, 2, 1)),
        split(
            ELECTRONICS,
            {"GZ": "0.5", "SZ": "0.5"},
            version=2,
            on=date(2026, 1, 20),
            increment={"GZ-TH": "1"},
            base_amount="150",
        ),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 1)),
        revenue(ELECTRONICS, "R-2", 80, on=date(2026, 1, 25)),
        revenue(ELECTRONICS, "R-3", "-40.01", on=date(2026, 2, 10), reverses="R-2"),
    ]
    ends = set()
    for order in list(permutations(facts))[::37]:
        async with process.works.begin() as work:
            savepoint = await work.connection.begin_nested()
            for fact in order:
                await take(work, fact, fact)
            ends.add(tuple(sorted((await unit_revenue(work)).items())))
            await savepoint.rollback()
    assert ends == {(("GZ", Decimal("120.00")), ("SZ", Decimal("19.99")))}


async def test_a_split_that_overtakes_a_posting_in_flight_still_restates_it(
    process: Runtime,
) -> None:
    await _commit(process, owned(ELECTRONICS))
    async with process.works.begin() as posting:
        await _dispatch(posting, revenue(ELECTRONICS, "R-1", 100))
        restating = asyncio.create_task(_commit(process, split(ELECTRONICS, {"SZ": "1"})))
        await asyncio.sleep(0.2)
        assert not restating.done(), "the split waits for the posting that holds the old terms"
    await restating
    assert await _units(process) == {"SZ": 100}


async def test_a_posting_that_meets_a_split_in_flight_waits_for_it(process: Runtime) -> None:
    await _commit(process, owned(ELECTRONICS))
    async with process.works.begin() as restating:
        await _dispatch(restating, split(ELECTRONICS, {"SZ": "1"}))
        posting = asyncio.create_task(_commit(process, revenue(ELECTRONICS, "R-1", 100)))
        await asyncio.sleep(0.2)
        assert not posting.done(), "the posting waits to learn the terms"
    await posting
    assert await _units(process) == {"SZ": 100}


async def test_a_reversal_and_its_original_in_flight_do_not_miss_each_other(
    process: Runtime,
) -> None:
    await _commit(process, owned(ELECTRONICS))
    for number, (first, second) in enumerate(permutations((False, True))):
        facts = {
            False: revenue(ELECTRONICS, f"R-{number}", 100),
            True: revenue(ELECTRONICS, f"B-{number}", -100, reverses=f"R-{number}"),
        }
        async with process.works.begin() as earlier:
            await _dispatch(earlier, facts[first])
            later = asyncio.create_task(_commit(process, facts[second]))
            await asyncio.sleep(0.2)
        await later
    assert await _units(process) == {}
    async with process.works.begin() as work:
        assert await work.value("SELECT count(*) FROM kit.waiting") == 0
        assert await work.value("SELECT count(*) FROM postings") == 4


async def test_unit_totals_are_the_ledgers_while_revenue_keeps_coming(process: Runtime) -> None:
    await _commit(process, owned(ELECTRONICS), owned(INSURER))

    async def worker(name: str) -> None:
        for number in range(12):
            facts = [
                revenue(customer, f"{name}-{number}-{customer.code}", "33.34")
                for customer in (ELECTRONICS, INSURER)
            ]
            await _commit(process, *facts)

    async def registry() -> None:
        for version in range(1, 6):
            share = f"0.{version}"
            shares = {"SZ": share, "GZ": str(1 - Decimal(share))}
            await _commit(
                process,
                split(ELECTRONICS, shares, version=version),
                split(INSURER, shares, version=version),
            )

    await asyncio.gather(worker("A"), worker("B"), registry())
    units = await _units(process)
    assert total(units.values()) == Decimal("33.34") * 48
    assert units == {"GZ": Decimal("16.67") * 48, "SZ": Decimal("16.67") * 48}
    async with process.works.begin() as work:
        assert await work.value("SELECT count(DISTINCT posting_id) FROM postings") == 48
        newest = await work.value(
            "SELECT sum((share -> 'amount' ->> 'amount')::numeric) FROM ("
            " SELECT DISTINCT ON (data ->> 'posting_id') data FROM ("
            "  SELECT convert_from(body, 'UTF8')::jsonb -> 'data' AS data FROM kit.outbox"
            "  WHERE subject = :subject) told"
            " ORDER BY data ->> 'posting_id', (data -> 'entity' ->> 'version')::int DESC) newest,"
            " jsonb_array_elements(data -> 'shares') share WHERE share ->> 'unit' = 'SZ'",
            subject=POSTED,
        )
        assert newest == units["SZ"], "what the others were told is what the ledger says"
        assert await follow_terms.repair(work, work.today) == 0


async def test_the_sweep_restates_what_was_missed(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 100))
    await work.run(
        "INSERT INTO splits VALUES (:key, :split, 1, '2020-01-01', 'ruling', '{SZ}', '{1}',"
        " '{}', '{}', NULL, NULL)",
        {"key": ELECTRONICS.key, "split": UUID(int=1)},
    )
    assert await follow_terms.repair(work, work.today) == 1
    assert await unit_revenue(work) == {"SZ": 100}


async def _commit(process: Runtime, *events: Event) -> None:
    async with process.works.begin() as work:
        await _dispatch(work, *events)


async def _dispatch(work: Work, *events: Event) -> None:
    await CONSUMERS.dispatch(work, [as_fact(event) for event in events])


async def _units(process: Runtime) -> dict[str, Decimal]:
    async with process.works.begin() as work:
        return await unit_revenue(work)
