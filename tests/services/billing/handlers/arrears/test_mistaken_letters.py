"""Letters that the ledger of their day does not bear out are taken back, no others (B-13)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.billing.handlers.arrears import dun
from shared.contracts.engagement import ComplaintState
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import cancelled, finish, payment, take, told
from tests.services.billing.handlers.arrears.letters import (
    DUE,
    RAISED,
    REMINDED,
    SECOND,
    WITHDRAWN,
    disputed,
    dunned,
    owed,
    reasons,
)
from tests.support.cast import ELECTRONICS


async def test_a_payment_of_an_earlier_day_takes_the_step_back_b_13(work: Work) -> None:
    await take(work, owed())
    await dunned(work, REMINDED, SECOND)
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=DUE))
    await dunned(work, SECOND + timedelta(days=1))
    # The reminder went out while the money was owed; only the second step was wrong.
    assert await reasons(work) == ["paid-before"]
    (fact,) = await told(work, WITHDRAWN)
    assert (fact["step"], fact["entity"]["version"]) == ("second-reminder", 2)
    await dunned(work, SECOND + timedelta(days=2))
    assert await reasons(work) == ["paid-before"]


async def test_a_payment_of_a_later_day_takes_nothing_back(work: Work) -> None:
    await take(work, owed())
    await dunned(work, SECOND)
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=SECOND + timedelta(days=1)))
    await dunned(work, SECOND + timedelta(days=2))
    assert await reasons(work) == []


async def test_a_letter_that_was_wrong_in_part_is_told_again_without_that_part(work: Work) -> None:
    await take(work, owed("C-1"), owed("C-2", "50.00"))
    await dunned(work, SECOND)
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=DUE))
    assert await dunned(work, SECOND + timedelta(days=1)) == [
        ("reminder", "150.00"),
        ("reminder", "50.00"),
    ]
    assert [fact["entity"]["version"] for fact in await told(work, RAISED)] == [1, 2]


async def test_a_charge_that_is_cancelled_takes_the_step_back(work: Work) -> None:
    await take(work, owed())
    await dunned(work, SECOND)
    await take(work, cancelled("X-1", "C-1", on=DUE))
    await dunned(work, SECOND + timedelta(days=1))
    assert await reasons(work) == ["charge-cancelled"]


async def looked_at(work: Work) -> int:
    """How many instalments would be looked at now."""
    return int(
        await work.value(
            "SELECT (SELECT count(*) FROM dunning_doubts)"
            " + (SELECT count(*) FROM dunning_holds WHERE is_new)"
        )
    )


async def test_only_letters_are_looked_at_again_that_something_was_posted_for_b_13(
    work: Work,
) -> None:
    await take(work, owed("C-1"), owed("C-2"), owed("C-3"))
    await dunned(work, REMINDED)
    assert await looked_at(work) == 0
    await take(work, payment(ELECTRONICS, "P-1", "100.00", "C-1", on=REMINDED + timedelta(days=1)))
    assert await looked_at(work) == 0, "money of a later day takes nothing back"
    await take(work, payment(ELECTRONICS, "P-2", "100.00", "C-2", on=REMINDED))
    assert await looked_at(work) == 1
    assert await dunned(work, SECOND) == [
        ("reminder", "300.00"),
        ("reminder", "200.00"),
        ("second-reminder", "100.00"),
    ]
    assert await looked_at(work) == 0


@pytest.mark.parametrize("days", [0, 1])
async def test_a_day_that_is_performed_again_adds_what_came_meanwhile_b_13(
    work: Work, days: int
) -> None:
    """A date begins once more with its first portion beside another replica."""
    await take(work, owed("C-1"))
    await dun.handle(work, REMINDED)
    await take(work, owed("C-2", "50.00"))
    raised = await dunned(work, REMINDED + timedelta(days=days))
    if days:
        assert raised == [("reminder", "100.00"), ("reminder", "50.00")], "a letter of its own"
        return
    assert raised == [("reminder", "100.00"), ("reminder", "150.00")]
    facts = await told(work, RAISED)
    assert [fact["entity"]["version"] for fact in facts] == [1, 2]
    assert len({fact["dunning_id"] for fact in facts}) == 1
    assert await dunned(work, REMINDED) == raised, "and then there is nothing more"


async def test_what_was_taken_back_is_not_asked_for_on_the_same_day(work: Work) -> None:
    await take(work, owed())
    await dun.handle(work, REMINDED)
    await take(work, disputed("C-1"))
    await dun.handle(work, REMINDED)
    settled = datetime(2026, 1, 25, 9, tzinfo=UTC)
    await take(work, disputed("C-1", state=ComplaintState.RESOLVED, version=2, resolved=settled))
    assert len(await dunned(work, REMINDED)) == 1
    assert await reasons(work) == ["disputed"]
    assert len(await dunned(work, REMINDED + timedelta(days=1))) == 2, "and again the day after"


async def test_a_step_that_stood_on_a_mistaken_one_is_taken_back_with_it_b_24(work: Work) -> None:
    """Whoever was not rightly asked first is not asked a second time, and has the time again."""
    await take(work, owed())
    await dunned(work, REMINDED, SECOND)
    settled = datetime(2026, 1, 27, 9, tzinfo=UTC)
    await take(work, disputed("C-1", state=ComplaintState.RESOLVED, version=2, resolved=settled))
    after = SECOND + timedelta(days=1)
    assert (await dunned(work, after))[2:] == [("reminder", "100.00")]
    assert await reasons(work) == ["disputed", "disputed"]
    assert len(await dunned(work, after + timedelta(days=4))) == 3
    assert (await dunned(work, after + timedelta(days=5)))[3:] == [("second-reminder", "100.00")]


@pytest.mark.parametrize("is_dunned_first", [True, False])
async def test_money_that_comes_while_letters_are_written_is_not_overlooked_b_13(
    process: Runtime, is_dunned_first: bool
) -> None:
    """It comes before the letter, or finds it; with either of the two held back half way."""
    paid = payment(ELECTRONICS, "P-1", "100.00", "C-1", on=REMINDED)
    async with process.works.begin() as work:
        await take(work, owed())

    async def pay() -> None:
        async with process.works.begin() as work:
            await take(work, paid)

    async def write() -> None:
        async with process.works.begin(today=REMINDED) as work:
            await dun.handle(work, REMINDED)

    async with process.works.begin(today=REMINDED) as work:
        if is_dunned_first:
            await dun.handle(work, REMINDED)
            waiting = asyncio.create_task(pay())
        else:
            await take(work, paid)
            waiting = asyncio.create_task(write())
        await asyncio.sleep(0.3)
        assert not waiting.done()
    await waiting
    async with process.works.begin() as work:
        await dun.handle(work, REMINDED + timedelta(days=1))
        await finish(work)
        standing = await work.value("SELECT count(*) FROM dunning_items WHERE withdrawn_on IS NULL")
        assert standing == 0
        assert await reasons(work) == (["paid-before"] if is_dunned_first else [])
