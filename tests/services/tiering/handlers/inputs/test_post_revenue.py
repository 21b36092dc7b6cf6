"""Totals of revenue: upserts by posting and version, on the real database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.tiering.handlers.inputs import post_revenue
from shared.contracts.billing import RevenuePosted
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.tiering.events import posted
from tests.support import cast
from tests.support.facts import published

ELECTRONICS, INSURER = cast.ELECTRONICS.key, cast.INSURER.key
Totals = dict[tuple[str, str, str, str], tuple[Decimal, int]]


async def take(work: Work, *events: RevenuePosted) -> None:
    await post_revenue.handle(work, [published(event) for event in events])


async def totals(work: Work) -> Totals:
    rows = await work.rows("SELECT * FROM totals WHERE amount <> 0 OR postings <> 0")
    return {
        (str(r["customer_key"]), f"{r['month']:%Y-%m}", r["business_line"], r["unit"]): (
            r["amount"],
            r["postings"],
        )
        for r in rows
    }


async def whole(work: Work) -> tuple[Decimal, int]:
    row = await work.row("SELECT sum(amount) AS amount, sum(postings) AS postings FROM totals")
    assert row is not None
    return row["amount"], row["postings"]


async def test_revenue_is_totalled_by_customer_month_line_and_unit(work: Work) -> None:
    await take(
        work,
        posted(1, ELECTRONICS, "100.00", on=date(2025, 6, 1)),
        posted(2, ELECTRONICS, "50.50", on=date(2025, 6, 30)),
        posted(3, ELECTRONICS, "7.00", on=date(2025, 7, 1)),
        posted(4, ELECTRONICS, "1.00", line="parcel"),
        posted(5, INSURER, "9.00", shares={"GZ": "4.00", "SZ": "5.00"}),
    )
    one, two = str(ELECTRONICS), str(INSURER)
    assert await totals(work) == {
        (one, "2025-06", "express", "GZ"): (Decimal("150.50"), 2),
        (one, "2025-07", "express", "GZ"): (Decimal("7.00"), 1),
        (one, "2025-06", "parcel", "GZ"): (Decimal("1.00"), 1),
        (two, "2025-06", "express", "GZ"): (Decimal("4.00"), 1),
        (two, "2025-06", "express", "SZ"): (Decimal("5.00"), 1),
    }


async def test_a_posting_told_twice_counts_once(work: Work) -> None:
    await take(work, posted(1, ELECTRONICS, "100.00"), posted(1, ELECTRONICS, "100.00"))
    await take(work, posted(1, ELECTRONICS, "100.00"))
    assert await whole(work) == (Decimal("100.00"), 1)


async def test_a_restated_posting_replaces_what_it_said_before(work: Work) -> None:
    await take(work, posted(1, ELECTRONICS, "100.00"))
    await take(
        work, posted(1, ELECTRONICS, "100.00", version=2, shares={"GZ": "40.00", "SZ": "60.00"})
    )
    one = str(ELECTRONICS)
    assert await totals(work) == {
        (one, "2025-06", "express", "GZ"): (Decimal("40.00"), 1),
        (one, "2025-06", "express", "SZ"): (Decimal("60.00"), 1),
    }


async def test_an_older_version_that_comes_late_changes_nothing(work: Work) -> None:
    await take(work, posted(1, ELECTRONICS, "80.00", version=2))
    await take(work, posted(1, ELECTRONICS, "100.00", version=1))
    assert await whole(work) == (Decimal("80.00"), 1)


async def test_two_versions_in_one_batch_count_as_the_newer(work: Work) -> None:
    await take(
        work,
        posted(1, ELECTRONICS, "80.00", version=2),
        posted(1, ELECTRONICS, "100.00", version=1),
    )
    assert await whole(work) == (Decimal("80.00"), 1)


async def test_a_unit_named_for_base_and_increment_gets_both_parts(work: Work) -> None:
    event = posted(1, ELECTRONICS, "10.00", shares={"GZ": "4.00"})
    twice = event.model_copy(
        update={"shares": event.shares + posted(1, ELECTRONICS, "6.00").shares}
    )
    await take(work, twice)
    assert await whole(work) == (Decimal("10.00"), 1)


async def test_reversals_are_negative_postings_of_their_own(work: Work) -> None:
    await take(work, posted(1, ELECTRONICS, "100.00"), posted(2, ELECTRONICS, "-100.00"))
    assert await whole(work) == (Decimal("0.00"), 2)


@st.composite
def stories(draw: st.DrawFn) -> list[RevenuePosted]:
    events = []
    for number in range(draw(st.integers(1, 4))):
        for version in range(1, draw(st.integers(1, 3)) + 1):
            gz = draw(st.decimals("-500", "500", places=2))
            sz = draw(st.decimals("-500", "500", places=2))
            events.append(
                posted(
                    f"story-{number}",
                    draw(st.sampled_from((ELECTRONICS, INSURER))),
                    gz + sz,
                    on=draw(st.sampled_from((date(2025, 5, 31), date(2025, 6, 1)))),
                    version=version,
                    shares={"GZ": str(gz), "SZ": str(sz)},
                )
            )
    return events


@given(story=stories(), data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.asyncio
async def test_order_repetition_and_batches_make_no_difference(
    work: Work, story: list[RevenuePosted], data: st.DataObject
) -> None:
    shuffled: Sequence[RevenuePosted] = data.draw(st.permutations(story + story[:2]))
    size = data.draw(st.integers(1, len(shuffled)))
    results = []
    for events, at_once in ((story, len(story)), (shuffled, size)):
        savepoint = await work.connection.begin_nested()
        for start in range(0, len(events), at_once):
            await take(work, *events[start : start + at_once])
        results.append(await totals(work))
        await savepoint.rollback()
    assert results[0] == results[1]


async def test_many_customers_and_units_in_one_batch_are_kept_apart(work: Work) -> None:
    customers = [derived_id("many", number) for number in range(40)]
    events = [
        posted(f"m{number}", customers[number % 40], "1.00", on=date(2025, 1 + number % 12, 3))
        for number in range(480)
    ]
    await take(work, *events)
    assert len(await totals(work)) == 120
    assert await whole(work) == (Decimal("480.00"), 480)
