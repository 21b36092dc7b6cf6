"""R-44: the base of every calendar year is filled by that year's revenue, in whatever order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from shared.contracts.envelope import Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import owned, revenue, split, take, unit_revenue
from tests.services.billing.handlers.revenue.how_it_ends import ends, kept
from tests.support.cast import ELECTRONICS

BASE, INCREMENT = {"GZ": "1"}, {"SZ": "1"}


def base_of(year: int, amount: str, version: int) -> Event:
    """GZ keeps the base of the year, SZ gets what goes beyond it."""
    return split(
        ELECTRONICS,
        BASE,
        version=version,
        on=date(year, 1, 1),
        increment=INCREMENT,
        base_amount=amount,
    )


FACTS: list[Event] = [
    owned(ELECTRONICS),
    base_of(2025, "100.00", 1),
    base_of(2026, "200.00", 2),
    revenue(ELECTRONICS, "R-1", 90, on=date(2025, 3, 1)),
    revenue(ELECTRONICS, "R-2", 40, on=date(2025, 12, 31)),
    revenue(ELECTRONICS, "R-3", 150, on=date(2026, 1, 1)),
    revenue(ELECTRONICS, "R-4", -30, on=date(2026, 1, 10), reverses="R-2"),
    revenue(ELECTRONICS, "R-5", 80, on=date(2026, 2, 1)),
]


async def by_year(work: Work) -> dict[tuple[int, str], Decimal]:
    """Revenue by the year of what was earned or taken back, and by unit."""
    rows = await work.rows(
        "SELECT CAST(extract(year FROM decided_on) AS int) AS year, unit,"
        " -sum(balance) AS amount FROM entries JOIN postings ON posting_id = source_id"
        " WHERE account = 'revenue' GROUP BY 1, 2 HAVING sum(balance) <> 0"
    )
    return {(row["year"], row["unit"]): row["amount"] for row in rows}


async def test_r44_a_reversal_of_last_year_takes_last_years_increment_and_no_base_of_this_year(
    work: Work,
) -> None:
    for fact in FACTS:
        await take(work, fact)
    assert await by_year(work) == {(2025, "GZ"): 100, (2026, "GZ"): 200, (2026, "SZ"): 30}
    assert await unit_revenue(work) == {"GZ": 300, "SZ": 30}


async def test_r44_every_order_ends_with_the_same_base_and_increment_of_each_year(
    process: Runtime,
) -> None:
    random = Random(44)
    for _ in range(25):
        facts = random.sample(FACTS, len(FACTS))
        async with process.works.begin() as work:
            savepoint = await work.connection.begin_nested()
            cut = random.randrange(1, len(facts))
            await take(work, *facts[:cut])
            for fact in facts[cut:]:
                await take(work, fact, fact)
            found = await by_year(work)
            await savepoint.rollback()
        assert found == {(2025, "GZ"): 100, (2026, "GZ"): 200, (2026, "SZ"): 30}, facts


async def test_r44_a_late_fact_of_last_year_leaves_this_years_base_alone(work: Work) -> None:
    await take(work, *FACTS)
    await take(work, revenue(ELECTRONICS, "R-6", 500, on=date(2025, 1, 2)))
    assert await by_year(work) == {
        (2025, "GZ"): 100,
        (2025, "SZ"): 500,
        (2026, "GZ"): 200,
        (2026, "SZ"): 30,
    }
    await take(work, base_of(2026, "190.00", 3))
    assert (await by_year(work))[2026, "SZ"] == 40


async def test_r44_several_splits_in_one_year_go_on_filling_one_base(process: Runtime) -> None:
    """R-44: the base belongs to the year, whichever split is in force when it is reached."""
    facts: list[Event] = [
        owned(ELECTRONICS),
        split(
            ELECTRONICS,
            {"GZ": "1"},
            version=1,
            on=date(2026, 1, 1),
            increment={"SZ": "1"},
            base_amount="100",
        ),
        split(
            ELECTRONICS,
            {"GZ": "0.5", "GZ-PY": "0.5"},
            version=2,
            on=date(2026, 2, 1),
            increment={"SZ-NS": "1"},
            base_amount="100",
        ),
        revenue(ELECTRONICS, "R-1", 80, on=date(2026, 1, 15)),
        revenue(ELECTRONICS, "R-2", 60, on=date(2026, 2, 15)),
        revenue(ELECTRONICS, "R-3", 5, on=date(2026, 3, 10)),
    ]
    found = await ends(process, facts, every=23)
    assert found[0] == (
        {"GZ": 90, "GZ-PY": 10, "SZ-NS": 45},
        {
            "R-1": ("base-increment", 1, 80),
            "R-2": ("base-increment", 2, 20),
            "R-3": ("base-increment", 2, 0),
        },
    )
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize(
    ("amount", "base", "increment"),
    [("99.99", "99.99", "0"), ("100.00", "100.00", "0"), ("100.01", "100.00", "0.01")],
)
async def test_r44_the_base_ends_with_its_last_cent(
    work: Work, amount: str, base: str, increment: str
) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="100.00"),
        revenue(ELECTRONICS, "R-1", amount),
    )
    expected = {"GZ": Decimal(base), "SZ": Decimal(increment)}
    assert await unit_revenue(work) == {unit: each for unit, each in expected.items() if each}
    assert (await kept(work))["R-1"][2] == Decimal(base)


async def test_r44_a_base_of_nothing_makes_everything_increment(work: Work) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="0.00"),
        revenue(ELECTRONICS, "R-1", 10),
    )
    assert await unit_revenue(work) == {"SZ": 10}


async def test_r44_a_base_begins_anew_on_new_years_day(work: Work) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "1"}, increment={"SZ": "1"}, base_amount="100"),
        revenue(ELECTRONICS, "R-1", 150, on=date(2025, 12, 31)),
        revenue(ELECTRONICS, "R-2", 90, on=date(2026, 1, 1)),
    )
    assert {ref: base for ref, (_, _, base) in (await kept(work)).items()} == {
        "R-1": 100,
        "R-2": 90,
    }
