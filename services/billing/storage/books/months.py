"""Closed months: the lock that those who post share, and the figures that stay."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.billing.domain.books.accounts import Account
from services.billing.domain.books.months import (
    AccountFigures,
    Closing,
    UnitRevenue,
    last_day,
)
from shared.errors import NotFound
from shared.work import Work

_PATIENCE = "20s"

# By both indexes of days, so that others wait for a month of lines and not for the whole journal.
_BOOKED = """
(booked_on BETWEEN :from_on AND :last_on
    OR booked_on IS NULL AND event_on BETWEEN :from_on AND :last_on)
"""
_CLOSE = f"""
INSERT INTO closed_months (month, closed_on, closed_at, closed_by, policy_version, closing_unit,
    postings, late_lines, waiting)
SELECT :month, :on, :now, :by, :policy_version, :unit,
    count(DISTINCT source_id) FILTER (WHERE kind = 'revenue'), count(booked_on),
    (SELECT count(*) FROM kit.waiting)
FROM journal WHERE {_BOOKED}
"""

# What was closed before is not added up again: it cannot have changed.
_ACCOUNTS = f"""
INSERT INTO closed_accounts (month, account, closing_unit, debit, credit, balance)
SELECT :month, accounts.account, :unit, coalesce(moved.debit, 0), coalesce(moved.credit, 0),
    coalesce(before.balance, 0) + coalesce(moved.balance, 0)
FROM accounts
LEFT JOIN closed_accounts before ON before.account = accounts.account AND before.month = :closed
LEFT JOIN (
    SELECT side.account, sum(side.debit) FILTER (WHERE is_in_month) AS debit,
        sum(side.credit) FILTER (WHERE is_in_month) AS credit, sum(side.debit - side.credit)
        AS balance
    FROM (
        SELECT debit, credit, coalesce(booked_on, event_on) >= :month AS is_in_month,
            sum(amount) AS amount
        FROM journal WHERE {_BOOKED} GROUP BY 1, 2, 3
    ) line CROSS JOIN LATERAL (VALUES (debit, amount, 0), (credit, 0, amount))
        AS side (account, debit, credit)
    GROUP BY side.account
) moved ON moved.account = accounts.account
"""

_REVENUE = f"""
INSERT INTO closed_revenue (month, unit, business_line, base, increment)
SELECT :month, unit, business_line, coalesce(sum(amount) FILTER (WHERE NOT is_increment), 0),
    coalesce(sum(amount) FILTER (WHERE is_increment), 0)
FROM (
    SELECT unit, business_line, is_increment,
        CASE WHEN credit = 'revenue' THEN amount ELSE -amount END AS amount
    FROM journal WHERE 'revenue' IN (debit, credit) AND {_BOOKED}
) line GROUP BY unit, business_line
"""

_CLOSING = """
SELECT month, closed_on, closed_at, closed_by, policy_version, postings, late_lines, waiting
FROM closed_months WHERE month = :month
"""


class MonthIsOpen(NotFound):
    """The books of that month are not closed."""

    code = "month-is-open"
    title_zh = "该月尚未结账"
    title_en = "The month is open"


async def hold_alone(work: Work) -> date | None:
    """Keep everybody from posting until the work ends; returns the last month that is closed.

    Waits for those who are posting; whoever wants to post meanwhile waits, and then posts into the
    month that is open then. Gives up after a while, as a passing trouble.
    """
    await work.run(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
    await work.run("LOCK TABLE closed_months IN EXCLUSIVE MODE")
    await work.run("SET LOCAL lock_timeout = DEFAULT")
    closed: date | None = await work.value("SELECT max(month) FROM closed_months")
    return closed


async def close(work: Work, month: date, closed: date | None, closing: dict[str, Any]) -> None:
    """Freeze `month`, the one after `closed`, and keep its figures.

    `closing` says `on` (the day), `by` (staff code), `unit` (of the closer), `policy_version`.
    """
    within = {"month": month, "from_on": month, "last_on": last_day(month)}
    so_far = within if closed is not None else {**within, "from_on": date.min}
    await work.run(_CLOSE, {**within, **closing, "now": work.now})
    await work.run(_ACCOUNTS, {**so_far, "closed": closed, "unit": closing["unit"]})
    await work.run(_REVENUE, within)


async def closing(work: Work, month: date) -> Closing:
    """A closed month as far as the work sees its figures. Raises MonthIsOpen."""
    row = await work.row(_CLOSING, month=month)
    if row is None:
        raise MonthIsOpen(f"{month:%Y-%m} 尚未结账", f"{month:%Y-%m} is not closed")
    accounts = await work.rows(
        "SELECT account::text AS account, debit, credit, balance FROM closed_accounts"
        " JOIN accounts USING (account) WHERE month = :month ORDER BY number",
        month=month,
    )
    revenue = await work.rows(
        "SELECT unit, business_line, base, increment FROM closed_revenue"
        " WHERE month = :month ORDER BY unit, business_line",
        month=month,
    )
    return Closing(
        **row,
        accounts=tuple(
            AccountFigures(Account(each["account"]), each["debit"], each["credit"], each["balance"])
            for each in accounts
        ),
        revenue=tuple(UnitRevenue(**each) for each in revenue),
    )


async def page(work: Work, after: date | None, size: int) -> list[date]:
    """The next closed months, in order."""
    rows = await work.rows(
        "SELECT month FROM closed_months WHERE month > :after ORDER BY month LIMIT :size",
        after=after or date.min,
        size=size,
    )
    return [row["month"] for row in rows]
