"""R-81, R-45: what takes back the revenue of a customer that was merged, under any of its names."""

from __future__ import annotations

from itertools import permutations

from shared.contracts.envelope import Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    check_books,
    fate_codes,
    merged,
    owned,
    revenue,
    split,
    take,
    told,
    unit_revenue,
)
from tests.support.cast import ELECTRONICS, INSURER

RECORDED: tuple[Event, ...] = (
    split(INSURER, {"SZ": "0.6", "GZ-TH": "0.4"}),
    owned(ELECTRONICS, "GZ"),
    revenue(INSURER, "R-1", 100),
)


async def test_r81_a_reversal_that_names_the_survivor_finds_its_original_by_number(
    work: Work,
) -> None:
    """R-81: it stands under the key of the original, by whose terms it is shared."""
    await take(work, *RECORDED, merged(INSURER, ELECTRONICS))
    await take(work, revenue(ELECTRONICS, "R-2", -50, reverses="R-1"))
    assert await fate_codes(work) == {}
    assert await unit_revenue(work, INSURER) == {"SZ": 30, "GZ-TH": 20}
    assert await unit_revenue(work, ELECTRONICS) == {}
    fact = (await told(work, "dakehu.billing.revenue_posted.v1"))[-1]
    assert fact["customer_key"] == str(INSURER.key)


async def test_r81_a_reversal_may_name_who_was_merged_for_what_the_survivor_had(
    work: Work,
) -> None:
    await take(work, owned(INSURER, "SZ"), owned(ELECTRONICS, "GZ"))
    await take(work, revenue(ELECTRONICS, "R-1", 100), merged(INSURER, ELECTRONICS))
    await take(work, revenue(INSURER, "R-2", -100, reverses="R-1"))
    assert await unit_revenue(work) == {}


async def test_r81_original_and_reversal_under_two_names_may_come_together_in_any_order(
    process: Runtime,
) -> None:
    """R-81: in one batch, one by one, and where the reversal waits for its original."""
    facts = (
        revenue(INSURER, "R-1", 100),
        revenue(ELECTRONICS, "R-2", -40, reverses="R-1"),
        revenue(INSURER, "R-3", -10, reverses="R-1"),
    )
    for order in permutations(facts):
        for portions in ([order], [order[:1], order[1:]], [[fact] for fact in order]):
            async with process.works.begin() as work:
                savepoint = await work.connection.begin_nested()
                await take(work, *RECORDED[:2], merged(INSURER, ELECTRONICS))
                for portion in portions:
                    await take(work, *portion)
                assert await unit_revenue(work, INSURER) == {"SZ": 30, "GZ-TH": 20}
                await check_books(work)
                await savepoint.rollback()
                work._collected = type(work._collected)()


async def test_r81_after_the_merge_is_undone_the_reversal_is_still_its_originals(
    work: Work,
) -> None:
    """R-81: both sides of the undoing; who is somebody else again takes back nothing of hers."""
    await take(work, *RECORDED, merged(INSURER, ELECTRONICS))
    await take(work, revenue(ELECTRONICS, "R-2", -50, reverses="R-1"))
    await take(work, merged(INSURER, None, version=2))
    await take(work, revenue(ELECTRONICS, "R-3", -10, reverses="R-1"))
    assert await fate_codes(work) == {"R-3": "reversal-mismatch"}
    assert await unit_revenue(work) == {"SZ": 30, "GZ-TH": 20}
    await take(work, revenue(INSURER, "R-4", -50, reverses="R-1"))
    assert await unit_revenue(work) == {}
