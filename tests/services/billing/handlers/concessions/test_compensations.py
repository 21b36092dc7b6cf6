"""Compensations that engagement approved: posted once, refused with a reason, answered (E-37)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from services.billing.handlers.republish import compensations as republish_compensations
from shared.contracts.engagement import CompensationApproved
from shared.contracts.envelope import Entity, Event, FactRef
from shared.work import Work
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    finish,
    merged,
    open_items,
    payment,
    take,
    told,
    unapplied,
    yuan,
)
from tests.support.cast import ELECTRONICS, INSURER, Customer

POSTED = "dakehu.billing.compensation_posted.v1"
REFUSED = "dakehu.billing.compensation_refused.v1"
COMPENSATION, COMPLAINT = uuid4(), uuid4()
APPROVED_ON = date(2026, 3, 5)


def approved(
    amount: str,
    *,
    disputes: str | None = None,
    customer: Customer = ELECTRONICS,
    compensation_id: UUID = COMPENSATION,
) -> CompensationApproved:
    return CompensationApproved(
        entity=Entity(type="compensation", id=str(compensation_id), version=2),
        customer_key=customer.key,
        as_of=APPROVED_ON,
        compensation_id=compensation_id,
        complaint_id=COMPLAINT,
        amount=yuan(amount),
        disputed=FactRef(system="erp", type="charge_raised", ref=disputes) if disputes else None,
        approved_by="G001",
    )


async def test_a_compensation_pays_the_charge_that_was_disputed_e_37(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), charge(ELECTRONICS, "C-0", 50))
    await take(work, approved("30", disputes="C-1"))
    assert await open_items(work) == {"C-1": Decimal(70), "C-0": Decimal(50)}
    assert (await balances(work))["compensations"] == 30
    (fact,) = await told(work, POSTED)
    assert fact["posted_on"] == APPROVED_ON.isoformat()
    assert fact["receivable_id"] is not None
    await check_books(work)


async def test_without_a_disputed_charge_the_customer_is_credited(work: Work) -> None:
    await take(work, approved("30"))
    assert list((await unapplied(work)).values()) == [Decimal(30)]
    await take(work, charge(ELECTRONICS, "C-1", 100))
    assert await open_items(work) == {"C-1": Decimal(70)}
    await check_books(work)


async def test_a_charge_that_is_paid_leaves_the_compensation_as_credit(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), payment(ELECTRONICS, "P-1", 100, "C-1"))
    await take(work, approved("30", disputes="C-1"))
    assert list((await unapplied(work)).values()) == [Decimal(30)]
    await check_books(work)


@pytest.mark.parametrize(("amount", "answer"), [("80.00", POSTED), ("80.01", REFUSED)])
async def test_no_more_is_compensated_than_is_left_of_the_charge(
    work: Work, amount: str, answer: str
) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), cancelled("X-1", "C-1", "20"))
    await take(work, approved(amount, disputes="C-1"))
    (fact,) = await told(work, answer)
    assert fact.get("reason") == ("exceeds-disputed-charge" if answer == REFUSED else None)
    await check_books(work)


async def test_two_compensations_together_are_no_more_than_the_charge(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100))
    first, second = approved("60", disputes="C-1"), approved("60", compensation_id=uuid4())
    second = second.model_copy(update={"disputed": first.disputed})
    await take(work, first, second)
    assert len(await told(work, POSTED)) == len(await told(work, REFUSED)) == 1


async def test_another_customers_charge_is_no_ground(work: Work) -> None:
    await take(work, charge(INSURER, "C-1", 100), approved("10", disputes="C-1"))
    (fact,) = await told(work, REFUSED)
    assert fact["reason"] == "another-customers-charge"


@pytest.mark.parametrize("is_charge_first", [True, False])
async def test_the_charge_may_come_after_the_compensation(
    work: Work, is_charge_first: bool
) -> None:
    facts: list[Event] = [charge(ELECTRONICS, "C-1", 100), approved("100.01", disputes="C-1")]
    for fact in facts if is_charge_first else reversed(facts):
        await take(work, fact)
    (refused,) = await told(work, REFUSED)
    assert refused["reason"] == "exceeds-disputed-charge"
    assert await told(work, POSTED) == []


async def test_an_approval_that_is_told_again_is_posted_once(work: Work) -> None:
    await take(work, approved("30"), approved("30"))
    await take(work, approved("30"))
    assert (await balances(work))["compensations"] == 30
    assert len(await told(work, POSTED)) == 1


async def test_r81_the_charge_of_a_customer_that_is_the_same_today_is_ground(work: Work) -> None:
    await take(work, merged(INSURER, ELECTRONICS), charge(INSURER, "C-1", 100))
    await take(work, approved("30", disputes="C-1"))
    assert await open_items(work) == {"C-1": Decimal(70)}
    await check_books(work)


async def test_an_answer_says_what_it_was_compared_with_and_is_told_again_e_37(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), cancelled("X-1", "C-1", "20"))
    await take(work, approved("60", disputes="C-1"))
    await take(work, approved("20.01", disputes="C-1", compensation_id=uuid4()))
    before = [*await told(work, POSTED), *await told(work, REFUSED)]
    seen = {key: before[-1]["inputs"][key] for key in ("charge_left", "compensated_before")}
    assert seen == {"charge_left": "80.00", "compensated_before": "60.00"}
    await work.run("DELETE FROM kit.outbox")
    await republish_compensations(work, None)
    await finish(work)
    assert [*await told(work, POSTED), *await told(work, REFUSED)] == before
