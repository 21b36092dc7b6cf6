"""The ledger keeps its own rules, whoever writes to it (B-34)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.billing.domain.books.accounts import Account
from shared.identifiers import new_id
from shared.work import Work
from tests.services.billing.books import charge, owned, revenue, take
from tests.support.cast import ELECTRONICS

_LINE = (
    "INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, debit, credit, amount,"
    " event_on, customer_key, unit, business_line, is_increment, item_id, created_at)"
    " VALUES (:id, 1, 'payment', :id, :at, CAST(:debit AS account), CAST(:credit AS account),"
    " :amount, :on, :id, :unit, :line, false, :item, :at)"
)


def line(work: Work, **changes: object) -> Mapping[str, Any]:
    return {
        "id": new_id(),
        "at": work.now,
        "debit": "bank",
        "credit": "unapplied_cash",
        "amount": Decimal(10),
        "on": date(2026, 1, 1),
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


async def test_what_happened_and_when_it_was_written_down_are_told_apart(work: Work) -> None:
    await take(work, charge(ELECTRONICS, "C-1", 10, issued=date(2026, 1, 1)))
    row = await work.row("SELECT event_on, event_at, created_at FROM journal")
    assert row is not None
    assert row["event_on"] == date(2026, 1, 1)
    assert row["created_at"] == work.now
