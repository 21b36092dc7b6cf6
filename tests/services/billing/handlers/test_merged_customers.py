"""R-81: merged customers' accounts are one; after undo each is what it was, in any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from services.billing.consumers import CONSUMERS
from services.billing.sweeps import SWEEPS
from shared.contracts.envelope import Event
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
)
from tests.support.cast import ELECTRONICS, INSURER, SOFTWARE
from tests.support.facts import reported

JAN, FEB, MAR = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)


async def state(work: Work) -> dict[str, Any]:
    """Everything that the accounts say, by facts and not by versions."""
    rows = await work.rows(
        "SELECT customer_key, account, sum(balance) AS balance FROM entries GROUP BY 1, 2"
    )
    marks = await work.rows(
        "SELECT p.ref AS payment, c.ref AS charge, fee_of IS NOT NULL AS is_fee, a.amount,"
        " a.is_named, a.event_on, a.customer_key = items.customer_key AS is_of_item"
        " FROM applications a JOIN payments p USING (payment_id) JOIN items USING (item_id)"
        " JOIN charges c USING (charge_id)"
    )
    return {
        "open": await open_items(work),
        "unapplied": await unapplied(work),
        "balances": sorted(
            (str(row["customer_key"]), row["account"], row["balance"])
            for row in rows
            if row["balance"]
        ),
        "applied": sorted(tuple(row.values()) for row in marks),
    }


async def test_r81_cash_of_a_merged_customer_pays_what_is_due_first_under_any_key(
    work: Work,
) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=FEB),
        charge(INSURER, "C-2", 100, due=JAN),
        payment(ELECTRONICS, "P-1", 120, on=date(2026, 1, 5)),
    )
    assert await open_items(work) == {"C-2": 100}
    assert await unapplied(work) == {"P-1": 20}
    await take(work, merged(INSURER, ELECTRONICS))
    assert await open_items(work) == {"C-1": 80}
    assert await unapplied(work) == {}
    await check_books(work)


async def test_r81_after_undo_everybody_pays_his_own_again(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=FEB),
        charge(INSURER, "C-2", 100, due=JAN),
        charge(INSURER, "C-3", 40, due=MAR),
        payment(ELECTRONICS, "P-1", 120, on=date(2026, 1, 5)),
        payment(INSURER, "P-2", 50, on=date(2026, 1, 6)),
    )
    before = await state(work)
    await take(work, merged(INSURER, ELECTRONICS))
    assert (await state(work))["open"] != before["open"]
    await take(work, merged(INSURER, None, 2))
    assert await state(work) == before
    await check_books(work)


async def test_r81_a_key_s_own_balance_is_never_moved_by_a_merge(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=FEB),
        charge(INSURER, "C-2", 100, due=JAN),
        payment(ELECTRONICS, "P-1", 150, on=date(2026, 1, 5)),
    )

    async def owed_by_key() -> dict[str, Decimal]:
        rows = await work.rows(
            "SELECT customer_key, sum(balance) AS owed FROM entries"
            " WHERE account IN ('receivable', 'unapplied_cash') GROUP BY 1"
        )
        return {str(row["customer_key"]): row["owed"] for row in rows}

    before = await owed_by_key()
    await take(work, merged(INSURER, ELECTRONICS))
    assert await owed_by_key() == before
    assert await unapplied(work) == {}


async def test_r81_a_remittance_names_a_charge_under_another_key_of_the_customer(
    work: Work,
) -> None:
    await take(
        work,
        merged(INSURER, ELECTRONICS),
        charge(ELECTRONICS, "C-1", 100, due=JAN),
        charge(INSURER, "C-2", 100, due=FEB),
        payment(ELECTRONICS, "P-1", 60, "C-2", on=date(2026, 1, 5)),
    )
    assert await open_items(work) == {"C-1": 100, "C-2": 40}
    await take(work, merged(INSURER, None, 2))
    assert await open_items(work) == {"C-1": 40, "C-2": 100}
    await check_books(work)


async def test_r81_what_a_remittance_named_among_both_is_waited_for_again_after_undo(
    work: Work,
) -> None:
    named_late = payment(ELECTRONICS, "P-1", 60, "C-9", on=date(2026, 1, 5))
    await take(work, merged(INSURER, ELECTRONICS), charge(INSURER, "C-1", 100, due=JAN), named_late)
    await take(work, merged(INSURER, None, 2), charge(ELECTRONICS, "C-8", 60, due=JAN))
    assert await open_items(work) == {"C-1": 100}
    await take(work, charge(ELECTRONICS, "C-9", 60, due=MAR))
    assert await open_items(work) == {"C-1": 100, "C-8": 60}
    await check_books(work)


async def test_r81_a_charge_that_another_key_had_is_still_waited_for_after_undo(
    work: Work,
) -> None:
    """The survivor paid nothing of the other, so nothing of it is looked at when they part."""
    await take(work, merged(INSURER, ELECTRONICS))
    await take(work, charge(INSURER, "C-9", 100, due=FEB), charge(ELECTRONICS, "C-1", 60, due=JAN))
    await take(work, payment(INSURER, "P-1", 100, "C-9", on=date(2026, 1, 3)))
    await take(work, payment(ELECTRONICS, "P-2", 60, "C-9", on=date(2026, 1, 5)))
    assert await open_items(work) == {}
    await take(work, merged(INSURER, None, 2))
    own = reported(charge(ELECTRONICS, "C-9", 60, due=MAR), system="crm")
    await CONSUMERS.dispatch(work, [own])
    await finish(work)
    assert await open_items(work) == {"C-1": 60}
    await check_books(work)


async def test_r81_facts_in_flight_under_the_old_key_land_with_the_survivor(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100, due=FEB), merged(INSURER, ELECTRONICS))
    await take(work, payment(INSURER, "P-1", 70, on=date(2026, 1, 5)))
    assert await open_items(work) == {"C-1": 30}
    await take(work, payment(INSURER, "P-2", -20, reverses="P-1", on=date(2026, 1, 9)))
    assert await open_items(work) == {"C-1": 50}
    await take(work, cancelled("X-1", "C-1", "40"))
    assert await open_items(work) == {"C-1": 10}
    await take(work, merged(INSURER, None, 2))
    assert await open_items(work) == {"C-1": 60}
    assert await unapplied(work) == {"P-1": 50}
    await check_books(work)


async def test_r81_a_chain_is_settled_as_one_and_dissolves_link_by_link(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=JAN),
        charge(INSURER, "C-2", 100, due=FEB),
        charge(SOFTWARE, "C-3", 100, due=MAR),
        payment(SOFTWARE, "P-1", 250, on=date(2026, 1, 5)),
    )
    alone = await state(work)
    await take(work, merged(SOFTWARE, INSURER))
    two = await state(work)
    await take(work, merged(INSURER, ELECTRONICS))
    assert await open_items(work) == {"C-3": 50}
    await take(work, merged(INSURER, None, 2))
    assert await state(work) == two
    await take(work, merged(SOFTWARE, None, 2))
    assert await state(work) == alone
    await check_books(work)


async def test_r81_a_late_fee_stays_with_the_key_of_its_charge(work: Work) -> None:
    await take(work, merged(INSURER, ELECTRONICS), charge(INSURER, "C-1", 1000, due=JAN))
    for sweep in SWEEPS:
        if sweep.name in ("mark-overdue", "accrue-late-fees"):
            for on in (date(2026, 2, 28), date(2026, 3, 31)):
                await sweep.handler(work, on)
    await work.finish()
    keys = await work.rows("SELECT DISTINCT customer_key FROM items")
    assert [row["customer_key"] for row in keys] == [INSURER.key]
    fees = await told(work, "dakehu.billing.late_fee_posted.v1")
    assert {fee["customer_key"] for fee in fees} == {str(INSURER.key)}
    await take(work, payment(ELECTRONICS, "P-1", 5000, on=date(2026, 4, 2)))
    assert await open_items(work) == {}
    of_income = await work.rows(
        "SELECT DISTINCT customer_key FROM entries WHERE account = 'late_fee_income'"
    )
    assert [row["customer_key"] for row in of_income] == [INSURER.key]
    await check_books(work)


_STORY: list[Event] = [
    charge(ELECTRONICS, "C-1", 100, due=FEB),
    charge(INSURER, "C-2", 100, due=JAN),
    payment(ELECTRONICS, "P-1", 130, "C-2", on=date(2026, 1, 5)),
    payment(INSURER, "P-2", 45, on=date(2026, 1, 20)),
]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
@pytest.mark.parametrize("at", [0, 2, 4])
async def test_r81_merged_accounts_do_not_depend_on_when_the_merge_is_heard_of(
    work: Work, order: tuple[int, ...], at: int
) -> None:
    events = [_STORY[place] for place in order]
    events.insert(at, merged(INSURER, ELECTRONICS))
    for event in events:
        await take(work, event)
    assert await open_items(work) == {"C-1": 25}
    assert await unapplied(work) == {}
    await check_books(work)
    await take(work, merged(INSURER, None, 2))
    assert await open_items(work) == {"C-2": 55}
    assert await unapplied(work) == {"P-1": 30}
    await check_books(work)


async def test_r81_the_trial_balance_is_the_same_before_and_after(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100), payment(ELECTRONICS, "P-1", 30))
    before = await balances(work)
    await take(work, merged(INSURER, ELECTRONICS))
    await take(work, merged(INSURER, None, 2))
    assert await balances(work) == before


async def test_r81_what_is_told_of_a_charge_marks_who_pays_it_and_whom_it_named(
    work: Work,
) -> None:
    await take(work, charge(INSURER, "C-1", 100, due=JAN), charge(ELECTRONICS, "C-2", 50, due=JAN))
    await take(work, merged(INSURER, ELECTRONICS))
    await take(work, charge(INSURER, "C-3", 100, due=FEB))
    assert await marks(work) == {
        "C-1": (str(INSURER.key), str(ELECTRONICS.key)),
        "C-2": (str(ELECTRONICS.key), None),
        "C-3": (str(INSURER.key), str(ELECTRONICS.key)),
    }, "whenever it was raised"
    await take(work, merged(INSURER, None, 2))
    assert {redirected for _, redirected in (await marks(work)).values()} == {None}


async def marks(work: Work) -> dict[str, tuple[str, str | None]]:
    """By ref whom the receivable was told to name last, and who pays it."""
    facts = await told(work, "dakehu.billing.receivable_changed.v1")
    return {
        fact["source"]["ref"]: (fact["customer_key"], fact.get("redirected_to")) for fact in facts
    }
