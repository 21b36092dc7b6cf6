"""Pins, bars and write-offs in the database: whatever comes after them ends the same (B-17)."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

from services.billing.domain.requests.requests import RequestState
from services.billing.handlers.desk import direct_payment
from services.billing.handlers.desk.direct_payment import DirectPayment
from services.billing.handlers.receivables.charge_ids import charge_id_of
from services.billing.handlers.receivables.receive_payments import payment_id_of
from services.billing.handlers.requests import write_off
from services.billing.handlers.requests.asking import Decide
from services.billing.handlers.requests.write_off import AskWriteOff
from shared.contracts.envelope import Event
from shared.work import Work
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    enter,
    finish,
    merged,
    open_items,
    payment,
    take,
    unapplied,
)
from tests.support import cast
from tests.support.cast import ELECTRONICS, INSURER

JAN, FEB, MAR = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 31)
CLOSED = date(2026, 3, 12)


def charge_id(ref: str) -> UUID:
    return charge_id_of("erp", ref)


async def direct(work: Work, kind: str, ref: str, to: str | None, amount: Any = None) -> None:
    await enter(work, cast.FINANCE)
    target = charge_id(to) if to else None
    said = DirectPayment(payment_id_of("erp", ref), kind, "来函", target, None, amount)
    await direct_payment.handle(work, said)
    await finish(work)


async def give_up(work: Work, ref: str) -> None:
    await enter(work, cast.FINANCE)
    asked = AskWriteOff(charge_id(ref), "untraceable", "查无下落", CLOSED)
    request = await write_off.handle(work, asked)
    await enter(work, cast.CITY_DIRECTOR)
    decision = Decide(request.request_id, 1, RequestState.APPROVED, "同意", CLOSED)
    await write_off.settle(work, decision)
    await finish(work)


async def state(work: Work) -> tuple[object, ...]:
    """What the books say, by account, day and item."""
    await check_books(work)
    rows = await work.rows(
        "SELECT account, event_on, item_id, sum(balance) AS balance FROM entries"
        " GROUP BY 1, 2, 3 HAVING sum(balance) <> 0"
    )
    ledger = sorted(
        (row["account"], str(row["event_on"]), str(row["item_id"]), row["balance"]) for row in rows
    )
    states = await work.rows("SELECT ref, state FROM charges")
    told = sorted((row["ref"], row["state"]) for row in states)
    return ledger, told, await open_items(work), await unapplied(work)


LATE: list[Event] = [
    payment(ELECTRONICS, "P-0", 30, on=date(2026, 1, 5)),
    payment(ELECTRONICS, "P-8", 45, "C-1", on=date(2026, 3, 14)),
    payment(ELECTRONICS, "P-9", -50, reverses="P-1", on=date(2026, 2, 1)),
    charge(ELECTRONICS, "C-0", 20, due=JAN),
    cancelled("X-1", "C-2", "10"),
]


async def test_b17_whatever_comes_after_decisions_ends_the_same_in_any_order(
    work: Work,
) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 200, due=FEB),
        charge(ELECTRONICS, "C-2", 100, due=MAR),
        charge(ELECTRONICS, "C-3", 100, due=MAR),
        payment(ELECTRONICS, "P-1", 80, on=date(2026, 1, 20)),
        payment(ELECTRONICS, "P-2", 60, on=date(2026, 1, 25)),
    )
    await direct(work, "pin", "P-2", "C-3", 40)
    await direct(work, "bar", "P-1", "C-2")
    await give_up(work, "C-1")
    ends = []
    for order in list(permutations(LATE))[::17]:
        async with work.connection.begin_nested() as savepoint:
            for event in order:
                await take(work, event)
            ends.append(await state(work))
            assert (await balances(work))["bad_debts"] > 0
            await savepoint.rollback()
    assert all(end == ends[0] for end in ends)


async def test_r81_a_pin_across_a_merge_is_passed_over_when_it_is_undone(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=JAN),
        charge(INSURER, "C-2", 100, due=FEB),
        payment(ELECTRONICS, "P-1", 60, on=date(2026, 1, 5)),
        merged(INSURER, ELECTRONICS),
    )
    await direct(work, "pin", "P-1", "C-2")
    assert await open_items(work) == {"C-1": 100, "C-2": 40}
    await take(work, merged(INSURER, None, 2))
    assert await open_items(work) == {"C-1": 40, "C-2": 100}
    await take(work, merged(INSURER, ELECTRONICS, 3))
    assert await open_items(work) == {"C-1": 100, "C-2": 40}
    await check_books(work)


async def test_b17_a_barred_payment_is_taken_by_what_comes_later_and_it_may_pay(
    work: Work,
) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=JAN),
        payment(ELECTRONICS, "P-1", 60, on=date(2026, 1, 5)),
    )
    await direct(work, "bar", "P-1", "C-1")
    assert await unapplied(work) == {"P-1": 60}
    await take(work, payment(ELECTRONICS, "P-2", 70, on=date(2026, 1, 6)))
    assert await open_items(work) == {"C-1": 30}
    await take(work, charge(ELECTRONICS, "C-2", 100, due=FEB))
    assert await open_items(work) == {"C-1": 30, "C-2": 40}
    await check_books(work)
