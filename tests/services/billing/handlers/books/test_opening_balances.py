"""What customers bring into new books: it ages, is paid, and is taken back (B-34, B-35)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from services.billing.handlers.receivables import sweep_accounts
from shared.contracts.enterprise import OpeningBalanceStated, OpeningKind
from shared.contracts.envelope import Event
from shared.work import Work
from tests.services.billing.books import (
    balances,
    charge,
    check_books,
    fate_codes,
    finish,
    open_items,
    opening,
    owned,
    payment,
    take,
    told,
    unapplied,
)
from tests.support.cast import ELECTRONICS, INSURER

ADVANCE = OpeningKind.ADVANCE


async def test_an_opening_receivable_stands_against_the_opening_account_b_34(work: Work) -> None:
    await take(work, opening(ELECTRONICS, "I-1", "1000.50"))
    await take(work, opening(INSURER, "A-1", 300, kind=ADVANCE, due=None, line=None))
    assert await balances(work) == {
        "receivable": Decimal("1000.50"),
        "unapplied_cash": Decimal(-300),
        "opening_balances": Decimal("-700.50"),
    }
    assert await open_items(work) == {"I-1": Decimal("1000.50")}
    assert await unapplied(work) == {"A-1": Decimal(300)}
    (said,) = await told(work, "dakehu.billing.receivable_changed.v1")
    assert said["instalments"][0]["due_on"] == "2025-11-30"
    await check_books(work)


async def test_an_advance_and_a_payment_pay_what_was_brought_along_b_34(work: Work) -> None:
    await take(
        work,
        opening(ELECTRONICS, "I-1", 1000),
        opening(ELECTRONICS, "A-1", 300, kind=ADVANCE),
        payment(ELECTRONICS, "P-1", 700, "I-1", on=date(2026, 1, 5)),
    )
    items = await open_items(work)
    assert set(items) == {"I-1 fee"}, "late fees of five days are final with the last payment"
    await check_books(work)


@pytest.mark.parametrize(
    ("until", "fee"),
    [(date(2026, 1, 1), "0"), (date(2026, 1, 2), "3.00"), (date(2026, 1, 31), "90.00")],
)
async def test_late_fees_count_from_the_day_after_the_opening_b_15(
    work: Work, until: date, fee: str
) -> None:
    """What was due in the year before is carried over (3 per mille), but only for our own days."""
    await take(
        work,
        opening(ELECTRONICS, "I-1", 1000, due=date(2025, 11, 30)),
        payment(ELECTRONICS, "P-1", 1000, "I-1", on=until),
    )
    assert -(await balances(work)).get("late_fee_income", Decimal(0)) == Decimal(fee)
    await check_books(work)


@pytest.mark.parametrize(
    ("paid", "on", "fee"),
    [
        (None, date(2026, 1, 1), "0"),
        (None, date(2026, 1, 31), "90.00"),
        ("400", date(2026, 1, 10), "64.80"),
        ("400", date(2026, 1, 1), "54.00"),
    ],
)
async def test_fees_that_grow_by_sweep_count_from_the_opening_too_b_15(
    work: Work, paid: str | None, on: date, fee: str
) -> None:
    """Nine days on 1,000 and 21 on 600, at 3 per mille: as the function of one instalment says."""
    await take(work, opening(ELECTRONICS, "I-1", 1000, due=date(2025, 11, 30)))
    until = date(2026, 1, 31) if paid else on
    if paid:
        await take(work, payment(ELECTRONICS, "P-1", paid, "I-1", on=on))
    await sweep_accounts.late_fees_grow(work, until)
    await finish(work)
    assert -(await balances(work)).get("late_fee_income", Decimal(0)) == Decimal(fee)
    await check_books(work)


async def test_late_fees_of_what_is_due_later_count_from_then_b_15(work: Work) -> None:
    await take(work, opening(ELECTRONICS, "I-1", 1000, due=date(2026, 1, 29)))
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    await finish(work)
    assert (await balances(work))["late_fee_income"] == Decimal("-4.00"), "two days at 2 per mille"


async def test_what_was_brought_along_ages_from_its_own_due_date_b_17(work: Work) -> None:
    await take(work, opening(ELECTRONICS, "I-1", 10))
    row = await work.row(
        "SELECT event_on, due_on FROM items JOIN journal USING (item_id) WHERE kind = 'opening'"
    )
    assert row is not None
    assert (row["event_on"], row["due_on"]) == (date(2026, 1, 1), date(2025, 11, 30))


async def test_an_opening_balance_is_taken_back_in_part_and_in_whole_b_34(work: Work) -> None:
    await take(
        work,
        opening(ELECTRONICS, "I-1", 100),
        opening(ELECTRONICS, "A-1", 50, kind=ADVANCE),
    )
    await take(
        work,
        opening(ELECTRONICS, "I-1-1", -40, reverses="I-1"),
        opening(ELECTRONICS, "A-1-1", -50, kind=ADVANCE, reverses="A-1"),
    )
    assert await open_items(work) == {"I-1": Decimal(60)}
    assert await unapplied(work) == {}
    await take(work, opening(ELECTRONICS, "I-1-2", "-60.01", reverses="I-1"))
    assert (await fate_codes(work))["I-1-2"] == "reversal-too-large"
    await take(work, opening(ELECTRONICS, "I-1-3", -60, reverses="I-1"))
    assert await balances(work) == {}
    await check_books(work)


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (opening(ELECTRONICS, "X", -1, reverses="B-1"), "reversal-of-reversal"),
        (opening(ELECTRONICS, "X", -1, reverses="I-1", type="charge_raised"), "reversal-mismatch"),
        (opening(ELECTRONICS, "X", -1, reverses="I-1", kind=ADVANCE), "reversal-mismatch"),
        (opening(ELECTRONICS, "X", 1, reverses="I-1"), "invalid-opening-balance"),
        (opening(ELECTRONICS, "X", -1), "invalid-opening-balance"),
        (opening(ELECTRONICS, "X", 0), "invalid-opening-balance"),
        (opening(ELECTRONICS, "X", 1, due=None), "invalid-opening-balance"),
        (opening(ELECTRONICS, "X", 1, line=None), "invalid-opening-balance"),
        (opening(ELECTRONICS, "X", -1, reverses="I-9"), "waiting"),
        (opening(ELECTRONICS, "C-1", 1), "billed-twice"),
        (charge(ELECTRONICS, "I-1", 100), "billed-twice"),
    ],
)
async def test_what_contradicts_itself_or_the_books_is_refused_alone_b_34(
    work: Work, fact: Event, code: str
) -> None:
    await take(
        work,
        opening(ELECTRONICS, "I-1", 100),
        opening(ELECTRONICS, "B-1", -1, reverses="I-1"),
        charge(ELECTRONICS, "C-1", 100),
    )
    before = await balances(work)
    await take(work, fact)
    assert code in (await fate_codes(work)).values()
    assert await balances(work) == before
    await check_books(work)


async def test_a_reversal_in_front_of_its_opening_balance_waits_for_it_b_34(work: Work) -> None:
    """Any order of arrival ends with the same books."""
    facts: list[OpeningBalanceStated | Event] = [
        owned(ELECTRONICS),
        opening(ELECTRONICS, "I-1", 100),
        opening(ELECTRONICS, "B-1", -30, reverses="I-1"),
        payment(ELECTRONICS, "P-1", 20, "I-1", on=date(2026, 1, 1)),
    ]
    for order in permutations(facts):
        async with work.connection.begin_nested() as savepoint:
            for fact in order:
                await take(work, fact)
            assert await open_items(work) == {"I-1": Decimal(50)}
            assert (await balances(work))["opening_balances"] == -70
            await check_books(work)
            await savepoint.rollback()
