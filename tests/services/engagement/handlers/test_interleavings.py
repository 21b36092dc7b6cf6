"""Two transactions at once: whoever comes second sees the other, whatever the moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

from services.engagement.handlers.obligations import open_obligations
from shared.service import Runtime
from shared.work import Work
from tests.services.engagement.events import NEW_YEAR, at, closed, complained, tiered, visited
from tests.services.engagement.stories import comprehensive_gold, hear, receive, states, sweep
from tests.support.cast import ELECTRONICS, MANAGER_A

NINE = at(date(2025, 1, 6))
CENTRE = "centre-comprehensive-gold-monthly"
FEBRUARY = date(2025, 2, 1)
Act = Callable[[Work], Awaitable[object]]


async def interleave(process: Runtime, first: Act, second: Act) -> None:
    """`first` acts and stays open while `second` acts and wants to commit; then `first` commits."""
    acted = asyncio.Event()
    go_on = asyncio.Event()

    async def one() -> None:
        async with process.works.begin() as work:
            await first(work)
            acted.set()
            await go_on.wait()

    async def other() -> None:
        await acted.wait()
        async with process.works.begin() as work:
            await second(work)

    both = asyncio.gather(one(), other())
    await acted.wait()
    await asyncio.sleep(0.3)
    go_on.set()
    await asyncio.wait_for(both, timeout=20)


async def case_state(process: Runtime) -> tuple[str, int]:
    async with process.works.begin() as work:
        state = await work.value("SELECT state FROM complaints")
        return state, await work.value("SELECT count(*) FROM kit.waiting")


async def test_a_closing_that_is_looked_up_before_its_case_commits_is_not_lost(
    process: Runtime,
) -> None:
    await interleave(
        process,
        lambda work: receive(work, closed("K1", at(date(2025, 1, 6), 11))),
        lambda work: receive(work, complained("K1", NINE)),
    )
    assert await case_state(process) == ("closed", 0)


async def test_a_case_that_is_about_to_commit_is_seen_by_its_closing(process: Runtime) -> None:
    await interleave(
        process,
        lambda work: receive(work, complained("K1", NINE)),
        lambda work: receive(work, closed("K1", at(date(2025, 1, 6), 11))),
    )
    assert await case_state(process) == ("closed", 0)


async def test_a_visit_and_a_tier_at_once_are_both_taken_into_account(process: Runtime) -> None:
    async with process.works.begin() as work:
        await comprehensive_gold(work, ELECTRONICS)
        await sweep(work, NEW_YEAR)
    await interleave(
        process,
        lambda work: receive(work, visited("V1", ELECTRONICS, date(2025, 1, 6), MANAGER_A)),
        lambda work: hear(work, tiered(ELECTRONICS, "platinum", date(2024, 12, 1), version=2)),
    )
    async with process.works.begin() as work:
        owed = await states(work, ELECTRONICS)
    assert ("centre-platinum-monthly", NEW_YEAR, "met", 1) in owed
    assert (CENTRE, NEW_YEAR, "withdrawn", 1) in owed


async def test_a_sweep_opens_what_a_fact_in_flight_could_not_see_yet(process: Runtime) -> None:
    async with process.works.begin() as work:
        await comprehensive_gold(work, ELECTRONICS)
        await sweep(work, NEW_YEAR)
    await interleave(
        process,
        lambda work: receive(work, visited("V1", ELECTRONICS, date(2025, 1, 6), MANAGER_A)),
        lambda work: open_obligations.handle(work, FEBRUARY),
    )
    async with process.works.begin() as work:
        owed = await states(work, ELECTRONICS)
    assert (CENTRE, NEW_YEAR, "met", 1) in owed
    assert (CENTRE, FEBRUARY, "due", 0) in owed


async def test_a_fact_that_follows_a_sweep_in_flight_sees_how_far_it_came(
    process: Runtime,
) -> None:
    async with process.works.begin() as work:
        await comprehensive_gold(work, ELECTRONICS)
        await sweep(work, NEW_YEAR)
    await interleave(
        process,
        lambda work: open_obligations.handle(work, FEBRUARY),
        lambda work: receive(work, visited("V1", ELECTRONICS, date(2025, 2, 6), MANAGER_A)),
    )
    async with process.works.begin() as work:
        assert (CENTRE, FEBRUARY, "met", 1) in await states(work, ELECTRONICS)
