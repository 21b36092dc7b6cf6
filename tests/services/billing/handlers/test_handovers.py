"""R-52: billing answers a hand-over once, and nothing in the books changes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.billing.consumers import CONSUMERS
from shared.contracts.billing import HandoverApplied
from shared.contracts.envelope import Entity
from shared.contracts.registry import HandoverStarted, Succession
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.billing import books
from tests.support.cast import ELECTRONICS, INSURER, MANAGER_A, MANAGER_B
from tests.support.facts import batch, said

HANDOVER = derived_id("handover")
ON = date(2026, 3, 16)


def started(*customers: UUID, version: int = 1) -> HandoverStarted:
    """A hands these customers to B."""
    return HandoverStarted(
        entity=Entity(type="handover", id=str(HANDOVER), version=version),
        handover_id=HANDOVER,
        from_staff_code=MANAGER_A.code,
        reason="departure",
        customers=tuple(
            Succession(customer_key=key, successor=MANAGER_B.code) for key in customers
        ),
        effective_on=ON,
        due_on=ON,
    )


def answers(work: Work) -> list[HandoverApplied]:
    """What billing answered so far."""
    return [fact for fact in said(work) if isinstance(fact, HandoverApplied)]


async def test_r52_what_is_open_of_the_customers_passes_with_them(work: Work) -> None:
    await books.take(
        work,
        books.charge(ELECTRONICS, "R-1", "500.00"),
        books.charge(ELECTRONICS, "R-2", "300.00"),
        books.charge(INSURER, "R-3", "300.00"),
    )
    before = await work.rows("SELECT * FROM charges ORDER BY charge_id")
    for _ in range(2):
        await CONSUMERS.dispatch(work, batch(started(ELECTRONICS.key)))
    (answer,) = answers(work)
    assert [(each.kind, each.count) for each in answer.moved] == [
        ("receivables", 2),
        ("deposits", 0),
    ]
    assert (answer.handover_version, answer.exceptions) == (1, ())
    assert await work.rows("SELECT * FROM charges ORDER BY charge_id") == before


async def test_r52_a_later_version_is_answered_too_in_any_order(work: Work) -> None:
    for version in (2, 1, 2):
        await CONSUMERS.dispatch(work, batch(started(ELECTRONICS.key, version=version)))
    assert sorted(each.handover_version or 0 for each in answers(work)) == [1, 2]


async def test_r52_money_that_went_to_the_leaver_in_person_is_named(work: Work) -> None:
    paid = books.payment(ELECTRONICS, "P-1", "80.00", account="6222-0000-0001")
    await books.take(work, paid.model_copy(update={"collected_by": MANAGER_A.code}))
    await CONSUMERS.dispatch(work, batch(started(ELECTRONICS.key)))
    (answer,) = answers(work)
    assert [(each.kind, each.reason) for each in answer.exceptions] == [
        ("compliance-cases", "collected-by-leaver")
    ]
