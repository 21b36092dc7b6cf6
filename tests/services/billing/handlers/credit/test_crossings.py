"""Facts are never refused for a limit; that a group is above it is told, once (B-17, B-34)."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from services.billing.consumers import CONSUMERS
from services.billing.handlers.credit import reserve_credit, watch_exposure
from services.billing.handlers.credit.reserve_credit import ReserveCredit
from services.billing.handlers.receivables import sweep_accounts
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    as_fact,
    cancelled,
    charge,
    check_books,
    enter,
    fate_codes,
    merged,
    payment,
    take,
    told,
)
from tests.services.billing.handlers.credit.limits import exposure, limit, under
from tests.support.cast import ELECTRONICS, INSURER, INSURER_BRANCH, MANAGER_A, SOFTWARE
from tests.support.interleaving import Moment, interleaving_of

EXCEEDED = "dakehu.billing.credit_exceeded.v1"


async def seen(work: Work) -> list[tuple[bool, str, int]]:
    """What was told, in order: (above, exposure, version)."""
    return [
        (fact["is_exceeded"], fact["exposure"]["amount"], fact["entity"]["version"])
        for fact in await told(work, EXCEEDED)
    ]


async def test_b34_at_the_limit_nothing_is_told_and_a_cent_above_it_is(work: Work) -> None:
    await limit(work, "1000.00")
    await take(work, charge(INSURER, "C-1", "600"), charge(INSURER_BRANCH, "C-2", "400"))
    assert await seen(work) == []
    await take(work, charge(INSURER_BRANCH, "C-3", "0.01"))
    (fact,) = await told(work, EXCEEDED)
    assert fact["customer_key"] == str(INSURER.key), "the head office answers for its branches"
    assert fact["entity"] == {"type": "credit-exposure", "id": str(INSURER.key), "version": 1}
    assert fact["credit_limit"]["amount"] == "1000.00"
    assert fact["receivable"]["amount"] == fact["exposure"]["amount"] == "1000.01"
    assert fact["limit_version"] == 1
    assert "C-3" not in await fate_codes(work), "a fact is never refused for a limit"
    await check_books(work)


async def test_b34_a_crossing_is_told_once_and_again_when_it_is_over(work: Work) -> None:
    await limit(work, "1000.00")
    await take(work, charge(INSURER, "C-1", "1500"))
    await take(work, charge(INSURER, "C-2", "500"))
    assert await seen(work) == [(True, "1500.00", 1)]
    await take(work, payment(INSURER, "P-1", "999.99"))
    assert len(await seen(work)) == 1
    await take(work, payment(INSURER_BRANCH, "P-2", "0.01"))
    assert (await seen(work))[1:] == [(False, "1000.00", 2)]
    await take(work, charge(INSURER, "C-3", "1"))
    assert (await seen(work))[2:] == [(True, "1001.00", 3)]


async def test_b34_what_is_paid_before_its_charge_counts(work: Work) -> None:
    await limit(work, "100.00")
    await take(work, payment(INSURER, "P-1", "50", "C-1"))
    assert await exposure(work) == Decimal("-50.00")
    await take(work, charge(INSURER, "C-1", "150"))
    assert await seen(work) == []
    await take(work, payment(INSURER, "P-2", "-50", reverses="P-1"))
    assert await seen(work) == [(True, "150.00", 1)]
    await take(work, cancelled("X-1", "C-1", "50"))
    assert (await seen(work))[1:] == [(False, "100.00", 2)]
    await check_books(work)


async def test_b15_b34_late_fees_take_a_group_over_its_limit(work: Work) -> None:
    await limit(work, "1000.00")
    await take(work, charge(INSURER, "C-1", "1000", due=date(2026, 1, 31)))
    work.today = date(2026, 3, 31)
    await sweep_accounts.late_fees_grow(work, date(2026, 3, 31))
    await watch_exposure.review(work, date(2026, 3, 31))
    await work.finish()
    (fact,) = await told(work, EXCEEDED)
    assert fact["exposure"]["amount"] == "1118.00", "59 days at 2 per mille"
    assert fact["as_of"] == "2026-03-31"


FACTS = (
    charge(INSURER, "C-1", "700"),
    charge(INSURER_BRANCH, "C-2", "600"),
    payment(INSURER, "P-1", "200"),
    payment(INSURER_BRANCH, "P-2", "99.99"),
)


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
async def test_b34_where_a_group_stands_in_the_end_is_the_same_in_any_order(
    work: Work, order: tuple[int, ...]
) -> None:
    await limit(work, "1000.00")
    for index in order:
        await take(work, FACTS[index])
    assert await exposure(work) == Decimal("1000.01")
    assert [above for above, *_ in await seen(work)] in ([True], [True, False, True])


async def test_b34_in_one_batch_only_the_end_counts(work: Work) -> None:
    await limit(work, "1000.00")
    await take(work, *FACTS, payment(INSURER, "P-3", "0.01"))
    assert await exposure(work) == Decimal("1000.00")
    assert [above for above, *_ in await seen(work)] in ([], [True, False])


async def test_b17_a_limit_that_begins_or_is_lowered_is_looked_at(work: Work) -> None:
    await take(work, charge(INSURER, "C-1", "500"))
    await limit(work, "500.00")
    assert await seen(work) == []
    await limit(work, "499.99", effective_on=date(2026, 3, 17))
    for on, told_by_then in ((date(2026, 3, 16), 0), (date(2026, 3, 17), 1)):
        work.today = on
        assert await watch_exposure.review(work, on) == told_by_then
    assert await watch_exposure.review(work, date(2026, 3, 17)) == 0
    await limit(work, None)
    assert [above for above, *_ in await seen(work)] == [True, False]


async def test_b34_a_branch_that_moves_takes_its_debt_along(work: Work) -> None:
    await limit(work, "500.00")
    await limit(work, "100.00", ELECTRONICS)
    await take(work, charge(INSURER, "C-1", "400"), charge(INSURER_BRANCH, "C-2", "200"))
    assert await seen(work) == [(True, "600.00", 1)]
    await take(work, under(INSURER_BRANCH, ELECTRONICS, version=2))
    assert await exposure(work, INSURER_BRANCH) == await exposure(work, ELECTRONICS) == 200
    assert (await seen(work))[1:] == [(True, "200.00", 1)]
    await watch_exposure.review(work, work.today)
    await work.finish()
    assert (await seen(work))[2:] == [(False, "400.00", 2)]


async def test_r81_b34_a_merged_customer_is_part_of_its_survivors_group(work: Work) -> None:
    await limit(work, "1000.00")
    await limit(work, "50.00", ELECTRONICS)
    await take(work, charge(INSURER, "C-1", "900"), charge(ELECTRONICS, "C-2", "101"))
    assert await seen(work) == [(True, "101.00", 1)]
    await take(work, merged(ELECTRONICS, INSURER))
    assert await exposure(work) == await exposure(work, ELECTRONICS) == 1001
    by_head = {fact["customer_key"]: fact["is_exceeded"] for fact in await told(work, EXCEEDED)}
    assert by_head == {str(INSURER.key): True, str(ELECTRONICS.key): False}
    await take(work, merged(ELECTRONICS, None, version=2))
    assert await exposure(work) == 900
    await watch_exposure.review(work, work.today)
    await work.finish()
    by_head = {fact["customer_key"]: fact["is_exceeded"] for fact in await told(work, EXCEEDED)}
    assert by_head == {str(INSURER.key): False, str(ELECTRONICS.key): True}


async def test_r81_a_survivor_without_a_limit_has_the_lowest_of_those_merged_into_it(
    work: Work,
) -> None:
    await limit(work, "300.00", ELECTRONICS)
    await limit(work, "200.00", SOFTWARE)
    await take(work, merged(ELECTRONICS, INSURER), merged(SOFTWARE, INSURER))
    await take(work, charge(INSURER, "C-1", "200.01"))
    assert (await told(work, EXCEEDED))[0]["credit_limit"]["amount"] == "200.00"
    await limit(work, "250.00")
    assert [above for above, *_ in await seen(work)] == [True, False]


async def test_b34_two_branches_charged_at_once_do_not_miss_each_other(
    process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process.works.begin() as work:
        await limit(work, "1000.00")
    await interleaving_of(process, monkeypatch).overlap(
        [as_fact(charge(INSURER_BRANCH, "C-1", "600")).message],
        [as_fact(charge(INSURER, "C-2", "600")).message],
        Moment.WRITTEN,
    )
    async with process.works.begin() as work:
        assert await seen(work) == [(True, "1200.00", 1)]


async def test_b34_a_charge_waits_for_a_reservation_under_way_and_counts_it(
    process: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process.works.begin() as work:
        await limit(work, "1000.00")

    async def charged() -> None:
        async with process.works.begin() as work:
            await CONSUMERS.dispatch(work, [as_fact(charge(INSURER_BRANCH, "C-1", "600"))])

    asked = ReserveCredit(INSURER.key, Decimal("600.00"), "采购", "PO-1", date(2026, 3, 20))
    async with asyncio.TaskGroup() as both, process.works.begin() as work:
        await enter(work, MANAGER_A)
        await reserve_credit.handle(work, asked)
        both.create_task(charged())
        await interleaving_of(process, monkeypatch).blocked()
    async with process.works.begin() as work:
        assert await seen(work) == [(True, "1200.00", 1)]
