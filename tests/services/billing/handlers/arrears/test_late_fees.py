"""Late fees in the books: recomputed from the value-dated balance, only differences posted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from services.billing.handlers.receivables import sweep_accounts
from shared.contracts.enterprise import TariffClass
from shared.contracts.envelope import Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    finish,
    open_items,
    payment,
    take,
    told,
)
from tests.services.billing.handlers.arrears.letters import disputed
from tests.support.cast import ELECTRONICS

POSTED = "dakehu.billing.late_fee_posted.v1"
ISSUED, DUE = date(2025, 12, 1), date(2025, 12, 20)


async def income(work: Work) -> Decimal:
    return -(await balances(work)).get("late_fee_income", Decimal(0))


async def test_arrears_over_the_year_end_cost_5_200_when_they_are_paid_b_15(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100_000, issued=ISSUED, due=DUE),
        payment(ELECTRONICS, "P-1", 100_000, on=date(2026, 1, 10)),
    )
    assert await income(work) == Decimal("5200.00")
    assert await open_items(work) == {"C-1 fee": Decimal("5200.00")}
    (fact,) = await told(work, POSTED)
    assert fact["policy"]["name"] == "late-fees"
    assert [part["days"] for part in fact["parts"]] == [11, 10]
    await check_books(work)


async def test_a_household_pays_2_100_b_15(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100_000, issued=ISSUED, due=DUE, tariff=TariffClass.HOUSEHOLD),
        payment(ELECTRONICS, "P-1", 100_000, on=date(2026, 1, 10)),
    )
    assert await income(work) == Decimal("2100.00")


async def test_the_least_that_is_charged_is_one_yuan_b_15(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", "3.20", issued=ISSUED, due=DUE, tariff=TariffClass.HOUSEHOLD),
        payment(ELECTRONICS, "P-1", "3.20", on=date(2025, 12, 24)),
    )
    assert await income(work) == Decimal("1.00")
    assert (await told(work, POSTED))[0]["is_minimum"]


async def test_the_least_is_charged_once_an_instalment_however_long_it_grows_b_15(
    work: Work,
) -> None:
    parts = {DUE: "3.20", date(2025, 12, 25): "3.20"}
    due = max(parts)
    await take(work, charge(ELECTRONICS, "C-1", "6.40", issued=ISSUED, due=due, parts=parts))
    for on in (date(2025, 12, 31), date(2026, 1, 31)):
        await sweep_accounts.late_fees_grow(work, on)
        assert await income(work) == Decimal("2.00")
    await take(work, payment(ELECTRONICS, "P-1", "6.40", on=date(2026, 2, 2)))
    assert await income(work) == Decimal("2.00")
    await check_books(work)


async def test_a_payment_that_comes_late_with_an_earlier_date_posts_the_difference(
    work: Work,
) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100_000, issued=ISSUED, due=DUE),
        payment(ELECTRONICS, "P-2", 100_000, on=date(2026, 1, 10)),
    )
    await take(work, payment(ELECTRONICS, "P-1", 60_000, on=date(2025, 12, 20)))
    assert await income(work) == Decimal("2080.00")
    assert await open_items(work) == {}, "what P-2 paid too much pays the fee"
    versions = [fact["entity"]["version"] for fact in await told(work, POSTED)]
    assert versions == [1, 2]
    await check_books(work)


async def test_a_growing_fee_is_posted_on_the_last_day_of_the_month(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE))
    assert await sweep_accounts.late_fees_grow(work, date(2025, 12, 30)) == 0
    assert await sweep_accounts.late_fees_grow(work, date(2025, 12, 31)) == 1
    assert await income(work) == Decimal("22.00")
    assert await sweep_accounts.late_fees_grow(work, date(2025, 12, 31)) == 0
    assert await sweep_accounts.late_fees_grow(work, date(2026, 1, 31)) == 1
    assert await income(work) == Decimal("115.00")
    await work.finish()
    await check_books(work)


async def test_settlement_makes_the_fee_final_even_below_what_had_grown(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE))
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    await take(work, payment(ELECTRONICS, "P-1", 1000, on=date(2026, 1, 10)))
    assert await income(work) == Decimal("52.00")
    assert await open_items(work) == {"C-1 fee": Decimal("52.00")}
    await check_books(work)


async def test_a_fee_falls_away_with_its_charge(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE))
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    await take(work, cancelled("X-1", "C-1"))
    assert await balances(work) == {}
    await check_books(work)


async def test_what_was_cancelled_in_part_never_cost_a_fee_b_15(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE))
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    await take(work, cancelled("X-1", "C-1", "400", on=date(2026, 2, 2)))
    assert await income(work) == Decimal("69.00"), "as if 600 had been billed: 13.20 and 55.80"
    await check_books(work)


async def test_money_that_goes_back_in_part_makes_the_days_dearer(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE),
        payment(ELECTRONICS, "P-1", 600, on=date(2025, 12, 22)),
        payment(ELECTRONICS, "P-2", 400, on=date(2025, 12, 24)),
    )
    assert await income(work) == Decimal("5.60")
    await take(work, payment(ELECTRONICS, "B-1", -600, reverses="P-1", on=date(2026, 1, 5)))
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    assert await income(work) == Decimal("16.40"), "four days of 1,000 and seven of 600"
    await finish(work)
    await check_books(work)


async def test_a_dispute_holds_dunning_and_not_the_fee_b_15(work: Work) -> None:
    """Whoever was right pays none: the charge that is cancelled takes its fee along."""
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE), disputed("C-1"))
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    assert await income(work) == Decimal("22.00")
    await take(work, cancelled("X-1", "C-1"))
    assert await balances(work) == {}


async def grown(work: Work) -> dict[date, Decimal]:
    """What was posted of late fees, by the day it belongs to."""
    rows = await work.rows(
        "SELECT event_on, sum(balance) AS balance FROM entries JOIN items USING (item_id)"
        " WHERE account = 'receivable' AND fee_of IS NOT NULL GROUP BY event_on"
        " HAVING sum(balance) <> 0 ORDER BY event_on"
    )
    return {row["event_on"]: row["balance"] for row in rows}


async def test_the_ledger_of_a_past_day_has_the_fee_of_that_day_b_15(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE))
    for on in (date(2025, 12, 31), date(2026, 1, 31)):
        await sweep_accounts.late_fees_grow(work, on)
    await take(work, payment(ELECTRONICS, "P-1", 1000, on=date(2026, 1, 10)))
    assert await grown(work) == {date(2025, 12, 31): 22, date(2026, 1, 10): 30}


@pytest.mark.parametrize("comes_late", [True, False])
@pytest.mark.parametrize("is_settled", [True, False])
async def test_money_that_is_heard_of_late_lowers_the_fee_of_every_past_day_b_15(
    work: Work, comes_late: bool, is_settled: bool
) -> None:
    """11 days of 1,000 less 9 of 400 until the year ends, then 600 at 3 per mille a day."""
    early = payment(ELECTRONICS, "P-1", 400, on=date(2025, 12, 22))
    await take(work, charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE))
    if not comes_late:
        await take(work, early)
    for on in (date(2025, 12, 31), date(2026, 1, 31)):
        await sweep_accounts.late_fees_grow(work, on)
    if is_settled:
        await take(work, payment(ELECTRONICS, "P-2", 600, on=date(2026, 2, 10)))
    if comes_late:
        await take(work, early)
    expected = {date(2025, 12, 31): Decimal("14.80"), date(2026, 1, 31): Decimal("55.80")}
    if is_settled:
        expected[date(2026, 2, 10)] = Decimal("18.00")
    assert await grown(work) == expected
    await check_books(work)


async def test_a_bounced_payment_raises_the_fee_of_every_past_day_b_15(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE),
        payment(ELECTRONICS, "P-1", 400, on=date(2025, 12, 22)),
    )
    for on in (date(2025, 12, 31), date(2026, 1, 31)):
        await sweep_accounts.late_fees_grow(work, on)
    await take(work, payment(ELECTRONICS, "B-1", -400, reverses="P-1", on=date(2026, 2, 2)))
    assert await grown(work) == {date(2025, 12, 31): 22, date(2026, 1, 31): 93}
    await check_books(work)


async def test_a_fee_that_is_paid_is_free_again_when_the_payment_bounces(work: Work) -> None:
    await take(
        work,
        charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE),
        payment(ELECTRONICS, "P-1", 1052, on=date(2026, 1, 10)),
    )
    assert await open_items(work) == {}
    await take(work, payment(ELECTRONICS, "P-2", -1052, reverses="P-1", on=date(2026, 1, 12)))
    assert await open_items(work) == {"C-1": 1000}
    assert await income(work) == 0
    await check_books(work)


async def test_what_is_not_paid_the_day_after_it_was_due_is_overdue_b_13(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 100, issued=ISSUED, due=DUE))
    assert await sweep_accounts.overdue(work, DUE) == 0
    assert await sweep_accounts.overdue(work, date(2025, 12, 21)) == 1
    assert await sweep_accounts.overdue(work, date(2025, 12, 22)) == 0
    await work.finish()
    receivables = await told(work, "dakehu.billing.receivable_changed.v1")
    assert [fact["state"] for fact in receivables] == ["open", "overdue"]
    assert [fact["entity"]["version"] for fact in receivables] == [1, 2]


async def test_any_order_of_facts_gives_the_same_account(process: Runtime) -> None:
    facts: list[Event] = [
        charge(ELECTRONICS, "C-1", 1000, issued=ISSUED, due=DUE),
        charge(ELECTRONICS, "C-2", 500, issued=ISSUED, due=date(2025, 12, 25)),
        payment(ELECTRONICS, "P-1", 700, on=date(2025, 12, 22)),
        payment(ELECTRONICS, "P-2", 600, "C-2", on=date(2026, 1, 5)),
        payment(ELECTRONICS, "P-3", 500, on=date(2026, 1, 9)),
        payment(ELECTRONICS, "P-4", -200, reverses="P-1", on=date(2026, 1, 10)),
    ]
    ends = set()
    for order in list(permutations(facts))[::29]:
        async with process.works.begin() as work:
            savepoint = await work.connection.begin_nested()
            for fact in order:
                await take(work, fact)
            await check_books(work)
            ledger = tuple(sorted((await balances(work)).items()))
            ends.add((ledger, tuple(sorted((await open_items(work)).items()))))
            await savepoint.rollback()
    assert len(ends) == 1
