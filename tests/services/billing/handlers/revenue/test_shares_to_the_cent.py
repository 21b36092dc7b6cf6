"""R-45, B-31, B-34: shares sum to the posting, what is taken back leaves no cent with anybody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from shared.identifiers import derived_id
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    check_books,
    fate_codes,
    owned,
    revenue,
    split,
    take,
    told,
    total,
    unit_revenue,
)
from tests.support.cast import ELECTRONICS

POSTED = "dakehu.billing.revenue_posted.v1"
MAR = date(2026, 3, 10)
RULING = derived_id("ruling", 38)


async def test_r45_what_is_taken_back_in_thirds_leaves_no_cent_with_any_unit(
    process: Runtime,
) -> None:
    """R-45: in any order of the reversals, and after a split that changes under them."""
    thirds = {"GZ": "0.3333", "SZ": "0.3333", "GZ-TH": "0.3334"}
    backs = [
        revenue(ELECTRONICS, f"B-{number}", amount, reverses="R-1", on=MAR)
        for number, amount in enumerate(("-33.33", "-33.33", "-33.35"))
    ]
    for order in permutations(backs):
        async with process.works.begin() as work:
            savepoint = await work.connection.begin_nested()
            await take(work, split(ELECTRONICS, thirds), revenue(ELECTRONICS, "R-1", "100.01"))
            for back in order:
                await take(work, back)
                assert total((await unit_revenue(work)).values()) >= 0
            assert await unit_revenue(work) == {}
            await take(work, split(ELECTRONICS, {"SZ": "0.5", "GZ": "0.5"}, version=2))
            assert await unit_revenue(work) == {}
            await check_books(work)
            await savepoint.rollback()
            work._collected = type(work._collected)()


async def test_r45_every_version_that_was_told_says_its_rule_and_its_shares_sum(
    work: Work,
) -> None:
    """R-45: what others hold is the ledger, after a ruling too."""
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", "100.01"))
    ruling = split(ELECTRONICS, {"GZ": "0.5", "SZ": "0.5"}, rule="ruling", ruling_id=RULING)
    await take(work, ruling)
    first, second = await told(work, POSTED)
    assert [(fact["rule"], fact["entity"]["version"]) for fact in (first, second)] == [
        ("default", 1),
        ("ruling", 2),
    ]
    for fact in (first, second):
        assert total(Decimal(share["amount"]["amount"]) for share in fact["shares"]) == Decimal(
            fact["amount"]["amount"]
        )
    assert second["restates"]["ruling_id"] == str(RULING)
    history = await work.row("SELECT rule, version, reason FROM posting_history")
    assert history is not None
    assert dict(history) == {"rule": "default", "version": 1, "reason": "ruling"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_r45_b34_reversals_in_one_batch_are_taken_in_any_order_and_never_reversed(
    work: Work, order: tuple[int, ...]
) -> None:
    """B-34: an original, its reversal and a reversal of that, all at once."""
    facts = [
        revenue(ELECTRONICS, "R-1", 100),
        revenue(ELECTRONICS, "R-2", -100, reverses="R-1"),
        revenue(ELECTRONICS, "R-3", 100, reverses="R-2"),
    ]
    await take(work, owned(ELECTRONICS), *(facts[place] for place in order))
    assert await unit_revenue(work) == {}
    assert await fate_codes(work) == {"R-3": "reversal-of-reversal"}


async def test_b31_each_unit_is_posted_its_share_under_billed_clearing(work: Work) -> None:
    """B-31: a line for each unit, the clearing account against it."""
    await take(
        work,
        split(ELECTRONICS, {"GZ": "0.6", "SZ": "0.4"}, rule="type-b"),
        revenue(ELECTRONICS, "R-1", 10),
        revenue(ELECTRONICS, "R-2", -5, reverses="R-1"),
    )
    rows = await work.rows(
        "SELECT unit, debit::text AS debit, credit::text AS credit, amount FROM journal"
        " ORDER BY amount DESC"
    )
    found: list[Any] = [tuple(row.values()) for row in rows]
    assert found == [
        ("GZ", "billed_clearing", "revenue", 6),
        ("SZ", "billed_clearing", "revenue", 4),
        ("GZ", "revenue", "billed_clearing", 3),
        ("SZ", "revenue", "billed_clearing", 2),
    ]
    await check_books(work)
