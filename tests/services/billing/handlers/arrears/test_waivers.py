"""Waived late fees in the books: a reversal beside the fee, which stays what the plan asks for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.domain.arrears.waivers import (
    ApproverIsApplicant,
    Waiver,
    WaiverBeyondAuthority,
    WaiverState,
    WaiverTooLarge,
)
from services.billing.handlers.arrears import waive_late_fee
from services.billing.handlers.arrears.waive_late_fee import DecideWaiver, ProposeWaiver
from services.billing.handlers.receivables import sweep_accounts
from shared.contracts.envelope import Event
from shared.directory.scope import OutOfScope
from shared.errors import StaleVersion
from shared.work import Work
from tests.services.billing.books import (
    balances,
    cancelled,
    charge,
    check_books,
    enter,
    finish,
    open_items,
    payment,
    take,
    told,
    unapplied,
)
from tests.support.cast import (
    CITY_DEPUTY,
    CITY_DIRECTOR,
    ELECTRONICS,
    FINANCE,
    OTHER_CITY_FINANCE,
    Person,
)

ISSUED, DUE = date(2025, 12, 1), date(2025, 12, 20)
PAID, DECIDED = date(2026, 1, 10), date(2026, 1, 12)
CHARGED = charge(ELECTRONICS, "C-1", 100_000, issued=ISSUED, due=DUE)
IN_FULL = payment(ELECTRONICS, "P-1", 100_000, on=PAID)
EARLIER = payment(ELECTRONICS, "P-0", 60_000, on=DUE)


async def fee_row(work: Work) -> dict[str, Any]:
    row = await work.row(
        "SELECT item_id, amount, billed, waived, paid FROM items WHERE fee_of IS NOT NULL"
    )
    assert row is not None
    return dict(row)


async def proposed(work: Work, amount: str | None = None, by: Person = FINANCE) -> Waiver:
    await enter(work, by)
    command = ProposeWaiver((await fee_row(work))["item_id"], "flood", _yuan(amount), DECIDED)
    return await waive_late_fee.handle(work, command)


def _yuan(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)


async def decided(
    work: Work, waiver: Waiver, state: WaiverState, by: Person = CITY_DIRECTOR
) -> Waiver:
    await enter(work, by)
    command = DecideWaiver(waiver.waiver_id, waiver.version, state, "seen", DECIDED)
    changed = await waive_late_fee.decide(work, command)
    await finish(work)
    await check_books(work)
    return changed


async def waived(work: Work, amount: str | None = None) -> Waiver:
    return await decided(work, await proposed(work, amount), WaiverState.APPROVED)


async def income(work: Work) -> Decimal:
    return -(await balances(work)).get("late_fee_income", Decimal(0))


async def fees_told(work: Work) -> list[tuple[str, str, str]]:
    facts = await told(work, "dakehu.billing.late_fee_posted.v1")
    return [(fact["because"], fact["amount"]["amount"], fact["waived"]["amount"]) for fact in facts]


async def test_a_part_is_waived_by_a_reversal_beside_the_fee_b_15(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    waiver = await waived(work, "1200.00")
    assert await open_items(work) == {"C-1 fee": Decimal("4000.00")}
    assert await income(work) == 4000
    lines = await work.rows(
        "SELECT kind, debit::text, amount, event_on FROM journal"
        " WHERE kind LIKE 'late_fee%' ORDER BY kind"
    )
    found: list[tuple[object, ...]] = [tuple(line.values()) for line in lines]
    assert found == [
        ("late_fee", "receivable", 5200, PAID),
        ("late_fee_waiver", "late_fee_income", 1200, DECIDED),
    ]
    assert await fees_told(work) == [
        ("settled", "5200.00", "0.00"),
        ("waived", "4000.00", "1200.00"),
    ]
    assert (waiver.policy_version, waiver.decided_by) == (1, CITY_DIRECTOR.code)


async def test_a_fee_is_waived_whole(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    await waived(work)
    assert await open_items(work) == {}
    assert await income(work) == 0
    (receivable,) = (await told(work, "dakehu.billing.receivable_changed.v1"))[-1:]
    assert (receivable["state"], receivable["late_fees"]["amount"]) == ("settled", "0.00")


async def test_a_proposal_alone_changes_nothing(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    waiver = await proposed(work)
    assert waiver.state is WaiverState.PROPOSED
    assert await open_items(work) == {"C-1 fee": 5200}
    assert (await decided(work, waiver, WaiverState.REFUSED)).state is WaiverState.REFUSED
    assert await open_items(work) == {"C-1 fee": 5200}


async def test_money_that_had_paid_a_waived_fee_is_free_again(work: Work) -> None:
    await take(work, CHARGED, payment(ELECTRONICS, "P-1", 105_200, on=PAID))
    assert await open_items(work) == {}
    await waived(work, "200.00")
    assert await unapplied(work) == {"P-1": Decimal("200.00")}


async def test_a_late_payment_posts_the_difference_which_is_no_waiver_b_15(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    await waived(work, "80.00")
    await take(work, EARLIER)
    assert await income(work) == 2000
    assert (await fees_told(work))[-1] == ("recomputed", "2000.00", "80.00")
    await check_books(work)


async def test_what_was_waived_is_not_given_back_twice(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    await waived(work, "3000.00")
    await take(work, EARLIER)
    assert await income(work) == 0, "of 2,080 all is waived, and nothing beyond"
    assert (await fees_told(work))[-1] == ("recomputed", "0.00", "2080.00")
    await take(work, payment(ELECTRONICS, "B-0", -60_000, reverses="P-0", on=date(2026, 1, 20)))
    assert await income(work) == 2200, "the fee is 5,200 again, of which 3,000 stay waived"
    assert (await fees_told(work))[-1] == ("recomputed", "2200.00", "3000.00")
    await check_books(work)


@pytest.mark.parametrize(
    "order",
    [
        [EARLIER, "waiver"],
        ["waiver", EARLIER],
    ],
)
async def test_a_waiver_and_a_late_payment_come_to_the_same_in_either_order(
    work: Work, order: list[Event | str]
) -> None:
    await take(work, CHARGED, IN_FULL)
    for step in order:
        if isinstance(step, str):
            await waived(work, "1000.00")
        else:
            await take(work, step)
    row = await fee_row(work)
    assert (row["billed"], row["waived"], row["amount"]) == (2080, 1000, 1080)
    assert await income(work) == 1080


async def test_a_waiver_that_is_withdrawn_is_owed_again(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    waiver = await waived(work, "1200.00")
    withdrawn = await decided(work, waiver, WaiverState.WITHDRAWN)
    assert withdrawn.state is WaiverState.WITHDRAWN
    assert await open_items(work) == {"C-1 fee": 5200}
    assert (await fees_told(work))[-1] == ("waiver-withdrawn", "5200.00", "0.00")


async def test_a_fee_that_grows_is_waived_as_far_as_it_grew(work: Work) -> None:
    await take(work, CHARGED)
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    await waived(work)
    assert await open_items(work) == {"C-1": 100_000}
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    await finish(work)
    assert (await open_items(work))["C-1 fee"] == 9300
    assert (await fees_told(work))[-1] == ("accrued", "9300.00", "2200.00")
    await check_books(work)


async def test_a_waiver_falls_away_with_the_charge(work: Work) -> None:
    await take(work, CHARGED)
    await sweep_accounts.late_fees_grow(work, date(2025, 12, 31))
    await waived(work, "100.00")
    await take(work, cancelled("X-1", "C-1"))
    assert await balances(work) == {}
    await check_books(work)


async def test_several_waivers_add_up_to_the_fee_and_no_further(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    first, second = await proposed(work, "5000.00"), await proposed(work, "201.00")
    await decided(work, first, WaiverState.APPROVED)
    with pytest.raises(WaiverTooLarge):
        await decided(work, second, WaiverState.APPROVED)
    assert (await waived(work)).amount == 200


async def test_the_applicant_and_a_lower_level_may_not_approve_b_15(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    waiver = await proposed(work, "5000.01")
    with pytest.raises(ApproverIsApplicant):
        await decided(work, waiver, WaiverState.APPROVED, FINANCE)
    with pytest.raises(WaiverBeyondAuthority):
        await decided(work, waiver, WaiverState.APPROVED, CITY_DEPUTY)
    assert (await decided(work, waiver, WaiverState.APPROVED)).decided_by == CITY_DIRECTOR.code
    with pytest.raises(StaleVersion):
        await decided(work, waiver, WaiverState.WITHDRAWN)


async def test_whoever_may_not_see_the_money_waives_none_of_it(work: Work) -> None:
    await take(work, CHARGED, IN_FULL)
    with pytest.raises(OutOfScope):
        await proposed(work, "1.00", OTHER_CITY_FINANCE)
