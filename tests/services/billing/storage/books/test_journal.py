"""The ledger keeps its own rules, whoever writes to it (B-34)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.funds import Fund
from shared.identifiers import new_id
from shared.work import Work
from tests.services.billing.books import charge, owned, payment, revenue, take, told
from tests.support.cast import ELECTRONICS, INSURER

_LINE = (
    "INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, debit, credit, amount,"
    " event_on, customer_key, unit, business_line, is_increment, item_id, created_at)"
    " VALUES (:id, 1, 'payment', :id, :at, CAST(:debit AS account), CAST(:credit AS account),"
    " :amount, :on, :customer, :unit, :line, false, :item, :at)"
)


def line(work: Work, **changes: object) -> Mapping[str, Any]:
    return {
        "id": new_id(),
        "at": work.now,
        "debit": "bank",
        "credit": "unapplied_cash",
        "amount": Decimal(10),
        "on": date(2026, 1, 1),
        "customer": ELECTRONICS.key,
        "unit": None,
        "line": None,
        "item": None,
        **changes,
    }


async def test_a_line_is_in_balance_by_its_shape_b_34(work: Work) -> None:
    await work.run(_LINE, line(work))
    rows = await work.rows("SELECT account, debit, credit FROM entries ORDER BY account")
    assert [(row["account"], row["debit"], row["credit"]) for row in rows] == [
        ("bank", Decimal(10), Decimal(0)),
        ("unapplied_cash", Decimal(0), Decimal(10)),
    ]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"debit": None}, "not-null"),
        ({"credit": None}, "not-null"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"credit": "bank"}, "two_accounts"),
        ({"debit": "petty_cash"}, "invalid input value for enum"),
        ({"credit": "revenue"}, "revenue_has_unit_and_line"),
        ({"debit": "receivable"}, "receivable_has_item"),
    ],
)
async def test_what_would_not_balance_cannot_be_written_b_34(
    work: Work, changes: dict[str, object], rule: str
) -> None:
    with pytest.raises(DBAPIError, match=rule):
        await work.run(_LINE, line(work, **changes))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET amount = 1",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "UPDATE closed_months SET closed_on = '2027-01-01'",
        "DELETE FROM closed_months",
        "TRUNCATE closed_months",
        "DELETE FROM posting_history",
        "UPDATE late_fee_decisions SET amount = 1",
        "DELETE FROM splits",
    ],
)
async def test_history_is_never_altered_b_34(work: Work, statement: str) -> None:
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 10))
    with pytest.raises(DBAPIError, match="only ever added to"):
        await work.run(statement)


async def test_every_account_of_the_code_is_in_the_chart(work: Work) -> None:
    rows = await work.rows("SELECT account FROM accounts")
    assert {row["account"] for row in rows} == {account.value for account in Account}


async def test_a_payment_comes_from_a_fund_of_the_code_and_no_other(work: Work) -> None:
    allowed = await work.value(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'payments_fund_check'"
    )
    assert set(re.findall(r"'(\w+)'", allowed)) == {fund.value for fund in Fund}


async def test_what_happened_and_when_it_was_written_down_are_told_apart(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 10, issued=date(2026, 1, 1)))
    row = await work.row("SELECT event_on, event_at, created_at FROM journal")
    assert row is not None
    assert row["event_on"] == date(2026, 1, 1)
    assert row["created_at"] == work.now


_CLOSE = (
    "INSERT INTO closed_months (month, closed_on, closed_at, closed_by, closing_unit,"
    " policy_version, postings, late_lines, waiting)"
    " VALUES (:month, :month, :at, 'G006', 'GZ', 1, 0, 0, 0)"
)


async def close(work: Work, month: date) -> None:
    await work.run(_CLOSE, {"month": month, "at": work.now})


async def test_what_belongs_to_a_closed_month_is_booked_on_the_first_open_day(work: Work) -> None:
    """B-34: the row says both days; what comes in time is in the books on its own."""
    await take(work, owned(ELECTRONICS), revenue(ELECTRONICS, "R-1", 10, on=date(2026, 1, 31)))
    await close(work, date(2026, 1, 1))
    await take(
        work,
        revenue(ELECTRONICS, "R-2", 20, on=date(2026, 1, 31)),
        revenue(ELECTRONICS, "R-3", 30, on=date(2026, 2, 1)),
        charge(ELECTRONICS, "C-1", 40, issued=date(2025, 12, 31)),
    )
    rows = await work.rows("SELECT amount, event_on, booked_on FROM journal ORDER BY amount")
    assert [(row["amount"], row["event_on"], row["booked_on"]) for row in rows] == [
        (Decimal(10), date(2026, 1, 31), None),
        (Decimal(20), date(2026, 1, 31), date(2026, 2, 1)),
        (Decimal(30), date(2026, 2, 1), None),
        (Decimal(40), date(2025, 12, 31), date(2026, 2, 1)),
    ]
    said = [row.get("booked_on") for row in await told(work, "dakehu.billing.revenue_posted.v1")]
    assert said == [None, "2026-02-01", None]


_BOOKED = _LINE.replace("created_at)", "created_at, booked_on)").replace(":at)", ":at, :booked)")


@pytest.mark.parametrize(
    ("on", "booked"),
    [
        (date(2026, 1, 31), None),
        (date(2026, 1, 30), date(2026, 1, 31)),
        (date(2026, 1, 31), date(2026, 3, 1)),
        (date(2026, 2, 1), date(2026, 2, 2)),
    ],
)
async def test_a_closed_month_is_frozen_in_the_database_itself_b_34(
    work: Work, on: date, booked: date | None
) -> None:
    await close(work, date(2026, 1, 1))
    with pytest.raises(DBAPIError, match="the books before 2026-02-01 are closed"):
        await work.run(_BOOKED, {**line(work, on=on), "booked": booked})


@pytest.mark.parametrize(
    ("on", "booked"), [(date(2026, 1, 31), date(2026, 2, 1)), (date(2026, 2, 1), None)]
)
async def test_the_first_open_day_takes_what_comes_b_34(
    work: Work, on: date, booked: date | None
) -> None:
    await close(work, date(2026, 1, 1))
    await work.run(_BOOKED, {**line(work, on=on), "booked": booked})


@pytest.mark.parametrize("month", [date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1)])
async def test_months_close_one_after_the_other_b_34(work: Work, month: date) -> None:
    await close(work, date(2026, 1, 1))
    with pytest.raises(DBAPIError, match="not the month after"):
        await close(work, month)


_REVERSAL = _LINE.replace("created_at)", "created_at, reverses)").replace(":at)", ":at, :back)")


async def test_a_reversal_takes_back_what_is_there_and_no_more_b_34(work: Work) -> None:
    original = line(work)
    await work.run(_LINE, original)
    back = {"debit": "unapplied_cash", "credit": "bank", "back": original["id"]}
    await work.run(_REVERSAL, {**line(work, amount=Decimal(6)), **back})
    async with work.savepoint():
        await work.run(_REVERSAL, {**line(work, amount=Decimal(4)), **back})
    with pytest.raises(DBAPIError, match="no more than there is"):
        await work.run(_REVERSAL, {**line(work, amount=Decimal("0.01")), **back})


async def test_a_reversal_names_what_it_takes_back_and_never_a_reversal_b_34(work: Work) -> None:
    original, reversal = line(work), line(work, debit="unapplied_cash", credit="bank")
    await work.run(_LINE, original)
    await work.run(_REVERSAL, {**reversal, "back": original["id"]})
    for named in (reversal["id"], new_id()):
        with pytest.raises(DBAPIError, match="names a journal that is none"):
            async with work.savepoint():
                await work.run(_REVERSAL, {**line(work), "back": named})


@pytest.mark.parametrize(
    "changes",
    [
        {"debit": "bank", "credit": "unapplied_cash"},
        {"debit": "deposits_held", "credit": "bank"},
        {"customer": INSURER.key},
    ],
)
async def test_a_reversal_turns_round_the_lines_that_it_takes_back_b_34(
    work: Work, changes: dict[str, object]
) -> None:
    """As much moved once more, between other accounts or of another customer, is no reversal."""
    original = line(work)
    await work.run(_LINE, original)
    back = {"debit": "unapplied_cash", "credit": "bank", "back": original["id"]}
    with pytest.raises(DBAPIError, match="turns round the lines"):
        async with work.savepoint():
            await work.run(_REVERSAL, {**line(work), **back, **changes})
    await work.run(_REVERSAL, {**line(work), **back})


async def test_the_balances_of_a_customer_follow_the_journal_b_34(work: Work) -> None:
    """Balance and version are the sum and the number of its entries, without a line in between."""
    await take(
        work,
        owned(ELECTRONICS),
        revenue(ELECTRONICS, "R-1", 10),
        charge(ELECTRONICS, "C-1", 40, issued=date(2026, 1, 1)),
        payment(ELECTRONICS, "P-1", 30),
        payment(ELECTRONICS, "P-2", 15),
    )
    rows = await work.rows("SELECT account, version, balance FROM balances ORDER BY account")
    assert [(row["account"], row["version"], row["balance"]) for row in rows] == [
        ("receivable", 3, Decimal(0)),
        ("unapplied_cash", 4, Decimal(-5)),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO balances SELECT customer_key, 'bank', 1, 0 FROM journal",
        "UPDATE balances SET balance = 0",
        "DELETE FROM balances",
        "TRUNCATE balances",
    ],
)
async def test_nothing_but_the_journal_moves_a_balance_b_34(work: Work, statement: str) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 10))
    with pytest.raises(DBAPIError, match="balances follow the journal"):
        await work.run(statement)
