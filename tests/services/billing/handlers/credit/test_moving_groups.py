"""Groups change while their limit is asked for: moves and merges under parallel work (B-34)."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.billing.consumers import CONSUMERS
from services.billing.domain.credit.exposure import CreditLimitReached
from services.billing.handlers.credit import reserve_credit, watch_exposure
from services.billing.handlers.credit.reserve_credit import ReserveCredit
from services.billing.storage.credit import groups
from shared.contracts.envelope import Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    as_fact,
    charge,
    enter,
    finish,
    merged,
    take,
    told,
)
from tests.services.billing.handlers.credit.limits import exposure, limit, under
from tests.support.cast import ELECTRONICS, INSURER, INSURER_BRANCH, SALES_DIRECTOR, Customer
from tests.support.interleaving import interleaving_of

EXCEEDED = "dakehu.billing.credit_exceeded.v1"


async def reserve(work: Work, customer: Customer, amount: str, ref: str) -> None:
    await enter(work, SALES_DIRECTOR)
    await reserve_credit.handle(
        work, ReserveCredit(customer.key, Decimal(amount), "采购", ref, date(2026, 3, 20))
    )


@pytest.mark.parametrize(
    "regrouping",
    [under(INSURER_BRANCH, ELECTRONICS, version=2), merged(INSURER, ELECTRONICS)],
    ids=["the branch moves", "its head office is merged"],
)
async def test_b34_who_waited_while_the_group_changed_holds_the_new_head_office_too(
    process: Runtime, monkeypatch: pytest.MonkeyPatch, regrouping: Event
) -> None:
    async with process.works.begin() as work:
        await limit(work, "1000.00", ELECTRONICS)
        await take(work, charge(INSURER_BRANCH, "C-1", 100), charge(INSURER, "C-2", 100))
    now = interleaving_of(process, monkeypatch)
    reserved, goes_on = asyncio.Event(), asyncio.Event()

    async def for_the_branch() -> None:
        async with process.works.begin() as work:
            await reserve(work, INSURER_BRANCH, "600.00", "PO-1")
            reserved.set()
            await goes_on.wait()

    async def for_the_new_head() -> None:
        async with process.works.begin() as work:
            await reserve(work, ELECTRONICS, "600.00", "PO-2")

    async with asyncio.TaskGroup() as all_at_once:
        async with process.works.begin() as work:
            await CONSUMERS.dispatch(work, [as_fact(regrouping)])
            all_at_once.create_task(for_the_branch())
            await now.blocked()
        await reserved.wait()
        second = asyncio.create_task(for_the_new_head())
        await now.blocked()
        goes_on.set()
    with pytest.raises(CreditLimitReached):
        await second


async def test_b34_a_branch_that_has_only_reserved_takes_that_along(work: Work) -> None:
    await limit(work, "500.00", ELECTRONICS)
    await reserve(work, INSURER_BRANCH, "500.01", "PO-1")
    await finish(work)
    await take(work, under(INSURER_BRANCH, ELECTRONICS, version=2))
    (fact,) = await told(work, EXCEEDED)
    assert (fact["customer_key"], fact["exposure"]["amount"]) == (str(ELECTRONICS.key), "500.01")


async def test_r81_b34_a_head_office_merged_into_its_branch_is_one_group_with_one_limit(
    work: Work,
) -> None:
    await limit(work, "100.00")
    await take(work, charge(INSURER, "C-1", 60), charge(INSURER_BRANCH, "C-2", 40))
    await take(work, merged(INSURER, INSURER_BRANCH))
    both: set[UUID] = {INSURER.key, INSURER_BRANCH.key}
    assert set((await groups.groups_of(work, both)).values()) == {INSURER_BRANCH.key}
    assert await exposure(work) == await exposure(work, INSURER_BRANCH) == 100
    assert await told(work, EXCEEDED) == []
    await take(work, charge(INSURER, "C-3", "0.01"))
    assert [
        (fact["customer_key"], fact["is_exceeded"], fact["credit_limit"]["amount"])
        for fact in await told(work, EXCEEDED)
    ] == [(str(INSURER_BRANCH.key), True, "100.00")]
    await take(work, merged(INSURER, None, version=2))
    assert await exposure(work, INSURER_BRANCH) == Decimal("100.01")
    assert await watch_exposure.review(work, work.today) == 1, "the branch is no group any more"
    await finish(work)
    states = {fact["customer_key"]: fact["is_exceeded"] for fact in await told(work, EXCEEDED)}
    assert states == {str(INSURER_BRANCH.key): False, str(INSURER.key): True}
