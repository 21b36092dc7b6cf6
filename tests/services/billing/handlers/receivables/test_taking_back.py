"""What takes back charges and payments, in part or in whole, in the real database (B-34)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from shared.work import Work
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    fate_codes,
    open_items,
    payment,
    take,
    told,
)
from tests.support.cast import ELECTRONICS

RECEIVABLE = "dakehu.billing.receivable_changed.v1"


async def test_a_cancelled_charge_frees_what_was_paid_on_it(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", "113.00", tax="13.00", due=date(2026, 1, 10)),
        charge(ELECTRONICS, "C-2", 200),
        payment(ELECTRONICS, "P-1", "113.00", "C-1"),
    )
    await take(work, cancelled("X-1", "C-1"))
    assert await open_items(work) == {"C-2": 87}
    assert await balances(work) == {
        "bank": 113,
        "receivable": 87,
        "billed_clearing": -200,
    }
    states = {fact["source"]["ref"]: fact["state"] for fact in await told(work, RECEIVABLE)}
    assert states == {"C-1": "cancelled", "C-2": "open"}
    await check_books(work)


async def test_a_charge_is_cancelled_in_part_from_what_is_due_last(work: Work) -> None:
    parts = {date(2026, 1, 31): "60", date(2026, 2, 28): "40"}
    await take(work, charge(ELECTRONICS, "C-1", 100, tax="10.00", parts=parts))
    await take(work, cancelled("X-1", "C-1", "55"))
    assert await open_items(work) == {"C-1": 45}
    assert (await balances(work))["output_vat"] == Decimal("-4.50")
    await take(work, cancelled("X-2", "C-1", "45.01"), cancelled("X-3", "C-1", "45"))
    assert await fate_codes(work) == {"X-2": "cancellation-too-large"}
    assert await balances(work) == {}
    await check_books(work)


async def test_a_cancellation_waits_for_its_charge(work: Work) -> None:
    await take(work, cancelled("X-1", "C-1"))
    assert await fate_codes(work) == {"X-1": "waiting"}
    await take(work, charge(ELECTRONICS, "C-1", 100))
    assert await open_items(work) == {}
    assert await balances(work) == {}


async def test_a_cancellation_cannot_be_cancelled_nor_anything_but_a_charge(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), cancelled("X-1", "C-1"))
    await take(
        work,
        cancelled("X-2", "X-1", kind="charge_cancelled"),
        cancelled("X-3", "P-1", kind="payment_received"),
    )
    assert await fate_codes(work) == {
        "X-2": "reversal-of-reversal",
        "X-3": "reversal-mismatch",
    }


async def test_money_that_went_back_never_paid_anything(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100),
        payment(ELECTRONICS, "P-1", 100),
        payment(ELECTRONICS, "P-2", -100, reverses="P-1", on=date(2026, 1, 25)),
    )
    assert await open_items(work) == {"C-1": 100}
    assert await balances(work) == {"receivable": 100, "billed_clearing": -100}
    (fact,) = await told(work, "dakehu.billing.payment_unapplied.v1")
    assert (fact["reason"], fact["amount"]["amount"]) == ("returned", "0.00")
    await check_books(work)


async def test_a_return_waits_for_its_payment_and_returns_no_more_than_came(work: Work) -> None:
    await take(work, payment(ELECTRONICS, "P-2", "-60", reverses="P-1"))
    await take(work, payment(ELECTRONICS, "P-1", 100))
    await take(work, payment(ELECTRONICS, "P-3", "-40.01", reverses="P-1"))
    await take(work, payment(ELECTRONICS, "P-4", "-10", reverses="P-2"))
    assert await balances(work) == {"bank": 40, "unapplied_cash": -40}
    fates = await fate_codes(work)
    assert fates["P-3"] == "return-too-large"
    assert fates["P-4"] == "reversal-of-reversal"


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_cancellations_in_part_leave_the_same_value_dated_books_in_any_order(
    work: Work, order: tuple[int, ...]
) -> None:
    parts = {date(2026, 1, 31): "60", date(2026, 2, 28): "40"}
    facts = (
        charge(ELECTRONICS, "C-1", 100, tax="10.01", parts=parts),
        cancelled("X-1", "C-1", "50", on=date(2026, 1, 5)),
        cancelled("X-2", "C-1", "45", on=date(2026, 2, 5)),
    )
    for place in order:
        await take(work, facts[place])
    rows = await work.rows(
        "SELECT number, event_on, sum(balance) AS owed FROM entries JOIN items USING (item_id)"
        " WHERE account = 'receivable' GROUP BY 1, 2 HAVING sum(balance) <> 0 ORDER BY 1, 2"
    )
    assert [(row["number"], row["event_on"], row["owed"]) for row in rows] == [
        (1, date(2026, 1, 1), 60),
        (1, date(2026, 1, 5), -10),
        (1, date(2026, 2, 5), -45),
        (2, date(2026, 1, 1), 40),
        (2, date(2026, 1, 5), -40),
    ]
    assert (await balances(work))["output_vat"] == Decimal("-0.50")
    await check_books(work)


async def test_nothing_is_taken_back_in_the_books_before_it_came(work: Work) -> None:
    """A bill may bear tomorrow's date and be cancelled today; money may count from tomorrow."""
    on, before = date(2026, 2, 1), date(2026, 1, 31)
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, issued=on, due=on),
        cancelled("X-1", "C-1", on=before),
        payment(ELECTRONICS, "P-1", 70, on=on),
        payment(ELECTRONICS, "P-2", -70, reverses="P-1", on=before),
    )
    rows = await work.rows("SELECT DISTINCT event_on FROM journal")
    assert [row["event_on"] for row in rows] == [on]
    said = await work.row(
        "SELECT cancelled_on, returned_on FROM charge_cancellations, payment_returns"
    )
    assert said is not None
    assert set(said.values()) == {before}, "what the sender said stays"
