"""What a sender says it sent, beside what the books took of it, named by number (B-35)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.domain.books.months import MonthClosing, TotalsDiffer
from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.storage.books import control_totals
from shared import policy
from shared.contracts.enterprise import ControlledFact, ControlTotalStated, OpeningKind
from shared.contracts.envelope import CustomerReference, Event
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    JANUARY,
    MARCH,
    as_fact,
    cancelled,
    charge,
    enter,
    fate_codes,
    opening,
    owned,
    payment,
    revenue,
    yuan,
)
from tests.support.cast import ELECTRONICS, FINANCE

PERIOD = {"from_on": date(2025, 1, 1), "until_on": date(2026, 12, 31)}


def total(
    event: str, on: date, amount: str | int, *, count: int = 1, ref: str = "T", **facts: str
) -> ControlTotalStated:
    return ControlTotalStated(
        ref=ref,
        event=event,
        on=on,
        count=count,
        amount=yuan(amount),
        facts=tuple(
            ControlledFact(ref=name.replace("_", "-"), amount=yuan(each))
            for name, each in facts.items()
        ),
    )


async def receive(process: Runtime, *events: Event) -> None:
    """Let billing take `events` as a worker does, so that each has its fate."""
    await process.receiver.receive([as_fact(event).message for event in events])


async def compared(work: Work) -> dict[tuple[str, date], tuple[Any, ...]]:
    """By event and day: stated count and amount, accepted count and amount."""
    rows = await work.rows(control_totals.TOTALS, **PERIOD, system="erp")
    return {
        (row["event"], row["day"]): (
            row["stated_count"],
            row["stated_amount"],
            row["accepted_count"],
            row["accepted_amount"],
        )
        for row in rows
    }


async def test_what_was_accepted_is_counted_by_its_own_day_and_sign_b_35(process: Runtime) -> None:
    await receive(
        process,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 100, on=JANUARY),
        revenue(ELECTRONICS, "R-2", -30, on=JANUARY, reverses="R-1"),
        opening(ELECTRONICS, "I-1", 70, on=JANUARY),
        opening(ELECTRONICS, "I-2", -20, on=JANUARY, reverses="I-1"),
        charge(ELECTRONICS, "C-1", 500, issued=JANUARY),
        cancelled("X-1", "C-1", "100.00", on=MARCH),
        payment(ELECTRONICS, "P-1", 50, on=MARCH),
        payment(ELECTRONICS, "P-2", -50, reverses="P-1", on=MARCH),
    )
    nothing = (None, None)
    async with process.works.begin() as work:
        found = await compared(work)
    assert found == {
        ("revenue_recorded", JANUARY): (*nothing, 2, Decimal(70)),
        ("opening_balance_stated", JANUARY): (*nothing, 2, Decimal(50)),
        ("charge_raised", JANUARY): (*nothing, 1, Decimal(500)),
        ("charge_cancelled", MARCH): (*nothing, 1, Decimal(100)),
        ("payment_received", MARCH): (*nothing, 2, Decimal(0)),
    }


async def test_the_same_number_of_two_events_is_counted_with_each_b_35(process: Runtime) -> None:
    """A number is unique for its event: an advance and a bill, or two that take back, may share."""
    await receive(
        process,
        owned(ELECTRONICS),
        charge(ELECTRONICS, "N-1", 500, issued=JANUARY),
        opening(ELECTRONICS, "N-1", 9, on=JANUARY, kind=OpeningKind.ADVANCE, due=None, line=None),
        opening(ELECTRONICS, "I-1", 70, on=JANUARY),
        cancelled("N-2", "N-1", "100.00", on=MARCH),
        opening(ELECTRONICS, "N-2", -20, on=MARCH, reverses="I-1"),
    )
    nothing = (None, None)
    async with process.works.begin() as work:
        found = await compared(work)
    assert found == {
        ("charge_raised", JANUARY): (*nothing, 1, Decimal(500)),
        ("opening_balance_stated", JANUARY): (*nothing, 2, Decimal(79)),
        ("charge_cancelled", MARCH): (*nothing, 1, Decimal(100)),
        ("opening_balance_stated", MARCH): (*nothing, 1, Decimal(-20)),
    }


async def test_the_newest_total_of_a_day_counts_b_35(process: Runtime) -> None:
    await receive(process, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 100))
    await receive(process, total("revenue_recorded", JANUARY, 99))
    await receive(process, total("revenue_recorded", JANUARY, 100, ref="T-2"))
    async with process.works.begin() as work:
        found = await compared(work)
    assert found == {("revenue_recorded", JANUARY): (1, Decimal(100), 1, Decimal(100))}


async def test_differences_are_named_by_number_with_their_fate_b_35(process: Runtime) -> None:
    await receive(
        process,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 100),
        revenue(ELECTRONICS, "R-2", 20),
        revenue(ELECTRONICS, "R-9", 9),
    )
    unknown = revenue(ELECTRONICS, "R-3", 5).model_copy(
        update={"customer": CustomerReference(system="erp", code="C-0000")}
    )
    await receive(process, unknown, revenue(ELECTRONICS, "R-6", -500, reverses="R-1"))
    said = {"R_1": "100.00", "R_2": "21.00", "R_3": "5.00", "R_5": "1.00", "R_6": "-500.00"}
    await receive(process, total("revenue_recorded", JANUARY, -373, count=5, **said))
    async with process.works.begin() as work:
        rows = await work.rows(
            control_totals.DIFFERENCES,
            system="erp",
            event="revenue_recorded",
            from_on=JANUARY,
            until_on=JANUARY,
        )
        (summary,) = await work.rows(control_totals.TOTALS, **PERIOD, system="erp")
    named = {
        row["ref"]: (row["stated_amount"], row["accepted_amount"], row["state"]) for row in rows
    }
    assert named == {
        "R-2": (Decimal(21), Decimal(20), "accepted"),
        "R-3": (Decimal(5), None, "waiting"),
        "R-5": (Decimal(1), None, "unknown"),
        "R-6": (Decimal(-500), None, "refused"),
        "R-9": (None, Decimal(9), "accepted"),
    }
    assert (summary["waiting"], summary["refused"]) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        total("usage_recorded", JANUARY, 1),
        total("revenue_recorded", JANUARY, 1, count=2, R_1="1.00"),
        total("revenue_recorded", JANUARY, 1, R_1="1.01"),
    ],
)
async def test_a_total_that_contradicts_itself_is_refused_b_35(
    process: Runtime, wrong: ControlTotalStated
) -> None:
    await receive(process, wrong)
    async with process.works.begin() as work:
        assert await fate_codes(work) == {"T": "invalid-control-total"}
        assert await compared(work) == {}


async def test_a_site_may_keep_a_month_open_until_senders_agree_b_34(process: Runtime) -> None:
    body = MonthClosing(("finance",), ("city",), 1, is_reconciled=True)
    async with process.works.begin() as work:
        await policy.record_parsed(
            work, body, date(2026, 1, 1), author="P001", reason="对账后结账", source="ours"
        )
    await receive(process, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 100))
    await receive(process, total("revenue_recorded", JANUARY, 101))
    with pytest.raises(TotalsDiffer) as refused:
        async with process.works.begin() as work:
            await enter(work, FINANCE)
            await close_month.handle(work, CloseMonth(date(2026, 1, 1)))
    assert refused.value.facts["differing"] == 1
    await receive(process, total("revenue_recorded", JANUARY, 100, ref="T-2"))
    async with process.works.begin() as work:
        await enter(work, FINANCE)
        await close_month.handle(work, CloseMonth(date(2026, 1, 1)))
