"""What a customer disputes is not dunned until that is settled, known here or not (B-17)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.contracts.engagement import ComplaintState
from shared.work import Work
from tests.services.billing.books import take
from tests.services.billing.handlers.arrears.letters import (
    REMINDED,
    SECOND,
    disputed,
    dunned,
    owed,
    reasons,
)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_dispute_holds_dunning_even_before_the_charge_is_known_b_17(
    work: Work, order: tuple[int, ...]
) -> None:
    facts = [disputed("C-1"), owed()]
    for number in order:
        await take(work, facts[number])
    assert await dunned(work, REMINDED, SECOND) == []


@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_settled_dispute_lets_dunning_go_on(work: Work, newest_first: bool) -> None:
    settled = disputed(
        "C-1",
        state=ComplaintState.RESOLVED,
        version=2,
        resolved=datetime(2026, 2, 10, 9, tzinfo=UTC),
    )
    facts = [disputed("C-1"), settled]
    for fact in reversed(facts) if newest_first else facts:
        await take(work, fact)
    await take(work, owed())
    assert await dunned(work, date(2026, 2, 11)) == [("reminder", "100.00")]


async def test_a_dispute_that_is_heard_of_late_takes_the_step_back(work: Work) -> None:
    await take(work, owed())
    await dunned(work, REMINDED)
    await take(work, disputed("C-1"))
    await dunned(work, REMINDED + timedelta(days=1))
    assert await reasons(work) == ["disputed"]


async def test_history_and_disputes_about_other_things_hold_nothing(work: Work) -> None:
    await take(work, owed(), disputed("C-1", kind="payment_received"))
    await take(work, disputed("C-1", imported=True, version=2))
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]


async def test_a_complaint_holds_from_the_day_it_was_opened(work: Work) -> None:
    opened = datetime(2026, 1, 27, 9, tzinfo=UTC)
    await take(work, owed(), disputed("C-1", opened=opened))
    assert await dunned(work, REMINDED) == [("reminder", "100.00")]
    assert await dunned(work, SECOND) == [("reminder", "100.00")]
    assert await reasons(work) == []
