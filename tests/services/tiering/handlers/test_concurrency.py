"""Two replicas at once: the same posting, and the same period, on two connections."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal

from services.tiering.handlers.inputs import post_revenue
from services.tiering.handlers.scoring import run_scores
from services.tiering.handlers.scoring.run_scores import StartRun
from shared.contracts.billing import RevenuePosted
from shared.messaging.trouble import is_transient
from shared.service import Runtime
from tests.services.tiering.events import posted
from tests.services.tiering.stories import POST_2012, earn
from tests.support import cast
from tests.support.facts import published

KEY = cast.ELECTRONICS.key


async def take(process: Runtime, *events: RevenuePosted) -> None:
    """What a lane does: one transaction, tried again after passing trouble."""
    facts = [published(event) for event in events]
    while True:
        try:
            async with process.works.begin() as work:
                await post_revenue.handle(work, facts)
            return
        except Exception as error:
            if not is_transient(error):
                raise


async def whole(process: Runtime) -> tuple[Decimal, int]:
    async with process.works.begin() as work:
        row = await work.row("SELECT sum(amount) AS amount, sum(postings) AS postings FROM totals")
        assert row is not None
        return row["amount"], row["postings"]


async def test_a_posting_and_its_restatement_taken_at_once_count_as_the_restatement(
    process: Runtime,
) -> None:
    first, second = posted(1, KEY, "100.00"), posted(1, KEY, "80.00", version=2)
    async with process.works.begin() as slow:
        await post_revenue.handle(slow, [published(first)])
        # The other replica has to wait for the row that is not committed yet.
        other = asyncio.create_task(take(process, second))
        await asyncio.sleep(0.2)
        assert not other.done()
    await other
    assert await whole(process) == (Decimal("80.00"), 1)


async def test_the_restatement_taken_first_is_not_undone_by_the_posting(
    process: Runtime,
) -> None:
    first, second = posted(1, KEY, "100.00"), posted(1, KEY, "80.00", version=2)
    async with process.works.begin() as slow:
        await post_revenue.handle(slow, [published(second)])
        other = asyncio.create_task(take(process, first))
        await asyncio.sleep(0.2)
        assert not other.done()
    await other
    assert await whole(process) == (Decimal("80.00"), 1)


async def test_a_batch_that_rolls_back_leaves_the_posting_to_the_other(process: Runtime) -> None:
    event = posted(1, KEY, "100.00")
    try:
        async with process.works.begin() as failing:
            await post_revenue.handle(failing, [published(event)])
            other = asyncio.create_task(take(process, event))
            await asyncio.sleep(0.2)
            raise ConnectionResetError
    except ConnectionResetError:
        pass
    await other
    assert await whole(process) == (Decimal("100.00"), 1)


async def test_overlapping_batches_of_several_replicas_count_every_posting_once(
    process: Runtime,
) -> None:
    events = [
        posted(n, cast.CUSTOMERS[n % 5].key, "1.00", on=date(2025, 1 + n % 6, 1), version=v)
        for n in range(60)
        for v in (1, 2)
    ]
    batches = [events[start::4] + events[start::5] for start in range(4)]
    await asyncio.gather(*(take(process, *batch) for batch in batches))
    assert await whole(process) == (Decimal("60.00"), 60)


async def test_two_runs_of_one_period_at_once_record_one_version(process: Runtime) -> None:
    async with process.works.begin() as work:
        await earn(work, {cast.ELECTRONICS: "600000.00"})

    async def run() -> int:
        async with process.works.begin() as work:
            done = await run_scores.start(work, StartRun(POST_2012, "2025", None, None, "P006"))
            return done.scored

    assert sorted(await asyncio.gather(run(), run())) == [0, 6]
