"""A closed month stays as it was closed, and what comes late says so (B-34)."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from services.billing.consumers import CONSUMERS
from services.billing.domain.books.accounts import Account
from services.billing.domain.books.months import (
    Closing,
    MonthNotOver,
    MonthsCloseInOrder,
    last_day,
)
from services.billing.handlers.books import close_month
from services.billing.handlers.books.close_month import CloseMonth
from services.billing.handlers.receivables import sweep_accounts
from services.billing.handlers.republish import REPUBLISH
from services.billing.storage.books import months
from shared.auth import Caller
from shared.service import Runtime
from shared.work import Work
from tests.services.billing.books import (
    as_fact,
    balances,
    charge,
    check_books,
    enter,
    finish,
    open_items,
    owned,
    payment,
    revenue,
    split,
    take,
    told,
)
from tests.support.cast import ELECTRONICS, INSURER, PROVINCE_FINANCE
from tests.support.interleaving import Interleaving, interleaving_of

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
CLOSER = Caller(PROVINCE_FINANCE.code, PROVINCE_FINANCE.unit, frozenset(PROVINCE_FINANCE.roles))


async def close(work: Work, month: date, on: date | None = None) -> Closing:
    """Close `month` as the province's finance staff, in a transaction of its own."""
    await enter(work, PROVINCE_FINANCE)
    closing = await close_month.handle(work, CloseMonth(month, on))
    await finish(work)
    return closing


async def booked(work: Work, month: date) -> dict[str, Decimal]:
    """What the ledger says now of every account at the end of `month`."""
    rows = await work.rows(
        "SELECT account::text AS account, sum(balance) AS balance FROM entries"
        " WHERE booked_on <= :last GROUP BY account",
        last=last_day(month),
    )
    return {row["account"]: row["balance"] for row in rows if row["balance"]}


async def test_the_figures_of_a_closed_month_are_the_ledgers_b_34(work: Work) -> None:
    await take(
        work,
        split(ELECTRONICS, {"GZ": "0.6", "SZ": "0.4"}, increment={"GZ-TH": "1"}, base_amount="150"),
        owned(INSURER),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 10)),
        revenue(ELECTRONICS, "R-2", 100, on=date(2026, 1, 31)),
        revenue(INSURER, "R-3", 7, on=date(2026, 2, 1)),
        charge(ELECTRONICS, "C-1", "106.00", rate="0.06", issued=date(2026, 1, 5)),
        payment(ELECTRONICS, "P-1", 150, on=date(2026, 1, 20)),
    )
    closing = await close(work, JANUARY)
    assert (closing.postings, closing.late_lines, closing.amount) == (2, 0, Decimal(200))
    assert {(each.unit, each.base, each.increment) for each in closing.revenue} == {
        ("GZ", Decimal(90), Decimal(0)),
        ("SZ", Decimal(60), Decimal(0)),
        ("GZ-TH", Decimal(0), Decimal(50)),
    }
    figures = {each.account.value: each.balance for each in closing.accounts if each.balance}
    assert figures == await booked(work, JANUARY)
    assert sum(figures.values()) == 0
    assert figures["unapplied_cash"] == -44
    (said,) = await told(work, "dakehu.billing.month_closed.v1")
    assert (said["month"], said["closed_by"], said["as_of"]) == ("2026-01", "P008", "2026-03-16")
    assert said["revenue"]["amount"] == "200.00"
    assert sum(Decimal(unit["amount"]["amount"]) for unit in said["units"]) == 200
    assert (said["receivables"]["amount"], said["unapplied"]["amount"]) == ("0.00", "44.00")
    assert said["policy"] == {"name": "books", "version": 1}


async def test_what_comes_late_is_booked_in_the_open_month_with_its_own_day_b_34(
    work: Work,
) -> None:
    """Late revenue, a ruling over old revenue, a reversal: the closed month keeps its figures."""
    await take(
        work,
        split(ELECTRONICS, {"GZ": "1"}),
        revenue(ELECTRONICS, "R-1", 100, on=date(2026, 1, 10)),
    )
    closed = await close(work, JANUARY)
    await take(
        work,
        revenue(ELECTRONICS, "R-2", 30, on=date(2026, 1, 31)),
        revenue(ELECTRONICS, "R-3", -40, on=date(2026, 1, 20), reverses="R-1"),
        split(ELECTRONICS, {"GZ": "0.5", "SZ": "0.5"}, version=2, rule="ruling"),
    )
    assert await months.closing(work, JANUARY) == closed
    assert await booked(work, JANUARY) == {
        each.account.value: each.balance for each in closed.accounts if each.balance
    }
    late = await work.rows(
        "SELECT DISTINCT event_on, booked_on FROM journal WHERE kind <> 'revenue'"
    )
    assert {row["booked_on"] for row in late} == {FEBRUARY}
    february = await close(work, FEBRUARY)
    assert february.amount == -10
    assert {(each.unit, each.amount) for each in february.revenue} == {
        ("GZ", Decimal(-55)),
        ("SZ", Decimal(45)),
    }
    assert february.late_lines == await work.value(
        "SELECT count(*) FROM journal WHERE booked_on IS NOT NULL"
    )
    assert await balances(work) == await booked(work, FEBRUARY)


async def test_money_of_a_closed_month_that_goes_back_leaves_its_figures_b_34(work: Work) -> None:
    """What it had paid is open from its own day on, and all of that is booked in the open month."""
    await take(
        work,
        charge(ELECTRONICS, "C-1", 100, due=date(2026, 1, 25)),
        payment(ELECTRONICS, "P-1", 100, on=date(2026, 1, 20)),
    )
    closed = await close(work, JANUARY)
    assert closed.balance(Account.RECEIVABLE) == 0
    back = payment(ELECTRONICS, "P-2", -100, reverses="P-1", on=date(2026, 1, 30))
    await take(work, back)
    assert await months.closing(work, JANUARY) == closed
    assert await booked(work, JANUARY) == {
        each.account.value: each.balance for each in closed.accounts if each.balance
    }
    assert await booked(work, FEBRUARY) == {"receivable": 100, "billed_clearing": -100}
    owed = await work.value(
        "SELECT sum(balance) FROM entries WHERE account = 'receivable' AND event_on <= :on",
        on=date(2026, 1, 20),
    )
    assert owed == 100, "it never paid anything"


async def test_a_late_payment_changes_the_fee_of_its_days_and_is_booked_now_b_34(
    work: Work,
) -> None:
    """The fee is a function of the value-dated ledger; the difference is in the open books."""
    await take(work, charge(ELECTRONICS, "C-1", 1000, due=date(2026, 1, 10)))
    await sweep_accounts.overdue(work, date(2026, 1, 31))
    await sweep_accounts.late_fees_grow(work, date(2026, 1, 31))
    await finish(work)
    before = await close(work, JANUARY)
    fee = before.balance(Account.LATE_FEE_INCOME)
    assert fee < 0
    await take(work, payment(ELECTRONICS, "P-1", 1000, "C-1", on=date(2026, 1, 10)))
    assert (await balances(work)).get("late_fee_income", 0) == 0
    assert (await booked(work, JANUARY))["late_fee_income"] == fee
    assert await open_items(work) == {}
    on_its_day = await work.value(
        "SELECT coalesce(sum(balance), 0) FROM entries"
        " WHERE account = 'receivable' AND event_on <= '2026-01-31'"
    )
    assert on_its_day == 0, "ageing and late fees see the payment on its day"
    await check_books(work)


async def test_a_month_is_closed_once_and_not_before_it_is_over_b_34(work: Work) -> None:
    await close(work, JANUARY, on=FEBRUARY)
    for month, refusal in ((JANUARY, MonthsCloseInOrder), (date(2026, 3, 1), MonthsCloseInOrder)):
        with pytest.raises(refusal):
            await close(work, month)
    await close(work, FEBRUARY)
    with pytest.raises(MonthNotOver):
        await close(work, date(2026, 3, 1))


async def test_closed_months_are_told_again_as_they_were(work: Work) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 5))
    await close(work, JANUARY)
    await close(work, FEBRUARY)
    first = await told(work, "dakehu.billing.month_closed.v1")
    assert await REPUBLISH["months"](work, None) == "2026-02-01"
    assert await REPUBLISH["months"](work, "2026-02-01") is None
    await finish(work)
    assert await told(work, "dakehu.billing.month_closed.v1") == [*first, *first]


@pytest.fixture
def interleaving(process: Runtime, monkeypatch: pytest.MonkeyPatch) -> Interleaving:
    return interleaving_of(process, monkeypatch)


async def _close(process: Runtime, month: date) -> Closing:
    async with process.works.begin() as work:
        work.caller = CLOSER
        return await close_month.handle(work, CloseMonth(month))


async def test_who_closes_waits_for_those_who_post_b_34(
    process: Runtime, interleaving: Interleaving
) -> None:
    """What was being posted is in the month that is closed, or in the next: never lost between."""
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(owned(ELECTRONICS))])
    async with process.works.begin() as posting:
        await CONSUMERS.dispatch(posting, [as_fact(revenue(ELECTRONICS, "R-1", 10))])
        closing = asyncio.create_task(_close(process, JANUARY))
        await interleaving.blocked()
        late = asyncio.create_task(
            process.receiver.receive([as_fact(revenue(ELECTRONICS, "R-2", 20)).message])
        )
        await asyncio.sleep(0.1)
        assert not closing.done() and not late.done()
    closed = await closing
    await late
    assert closed.amount == 10
    async with process.works.begin() as work:
        assert (await booked(work, JANUARY))["revenue"] == -10
        assert (await booked(work, FEBRUARY))["revenue"] == -30


async def test_who_posts_waits_for_who_closes_b_34(
    process: Runtime, interleaving: Interleaving
) -> None:
    async with process.works.begin() as work:
        await CONSUMERS.dispatch(work, [as_fact(owned(ELECTRONICS))])
        work.caller = CLOSER
    async with process.works.begin() as work:
        work.caller = CLOSER
        await close_month.handle(work, CloseMonth(JANUARY))
        late = asyncio.create_task(
            process.receiver.receive([as_fact(revenue(ELECTRONICS, "R-2", 20)).message])
        )
        await interleaving.blocked()
    await late
    async with process.works.begin() as work:
        assert await booked(work, JANUARY) == {}
        assert (await booked(work, FEBRUARY))["revenue"] == -20


async def test_two_who_close_the_same_month_close_it_once_b_34(process: Runtime) -> None:
    done = await asyncio.gather(
        *(_close(process, JANUARY) for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in done if not isinstance(each, Closing)] == [
        MonthsCloseInOrder,
        MonthsCloseInOrder,
    ]
