"""What is told from the ledger: every figure is a sum of entries, so every total is the ledger's.

A report goes by the day in the books (`booked_on`), under which a closed month never changes, or,
asked for it, by the day that things belong to (`event_on`), as ageing and late fees do.

Receivables are seen by those who may see a customer's money, revenue by the unit that got it; the
database keeps both for whoever reads (row-level security), and the conditions here say the same.
"""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit
from shared.directory.identities import SAME_CUSTOMER

_SEEN = f"""
(({visible_unit("e.unit")}) OR (e.unit IS NULL AND {visible("money", "e.customer_key")}))
"""

_DAY = "CASE WHEN :dates = 'occurred' THEN e.event_on ELSE e.booked_on END"

TRIAL_BALANCE = """
SELECT accounts.account::text AS account, number, side, title_zh, title_en,
    coalesce(moved.debit, 0) AS debit, coalesce(moved.credit, 0) AS credit,
    coalesce(moved.debit - moved.credit, 0) AS balance
FROM accounts LEFT JOIN trial_balance(:on, CAST(:dates AS text) = 'occurred') moved
    ON moved.account = accounts.account
ORDER BY number
"""
"""Every account as of the day :on; the balances sum to zero."""

CHART = """
SELECT account::text AS account, number, side, title_zh, title_en FROM accounts ORDER BY number
"""

JOURNAL = f"""
SELECT journal_id, line_no, kind, source_id, debit::text AS debit, credit::text AS credit, amount,
    customer_key, unit, business_line, is_increment, item_id, event_on,
    coalesce(booked_on, event_on) AS booked_on, event_at, created_at, reverses
FROM journal e
WHERE {_SEEN}
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:source_id AS uuid) IS NULL OR journal_id = ANY (journals_of(:source_id)))
    AND (CAST(:kind AS text) IS NULL OR kind = :kind)
    AND (CAST(:from_on AS date) IS NULL OR event_on >= :from_on)
    AND (CAST(:until_on AS date) IS NULL OR event_on <= :until_on)
"""

_OF_CUSTOMER = f"""
FROM entries e
WHERE e.customer_key = {SAME_CUSTOMER} AND {visible("money", "e.customer_key")}
    AND account IN ('receivable', 'unapplied_cash')
"""

_IS_LISTED = f"kind <> 'application' AND {_DAY} BETWEEN :from_on AND :until_on"

STATEMENT_BALANCES = f"""
SELECT coalesce(sum(balance) FILTER (WHERE {_DAY} < :from_on), 0) AS opening,
    coalesce(sum(debit) FILTER (WHERE {_IS_LISTED}), 0) AS debits,
    coalesce(sum(credit) FILTER (WHERE {_IS_LISTED}), 0) AS credits,
    coalesce(sum(balance) FILTER (WHERE {_DAY} <= :until_on), 0) AS closing,
    count(*) AS version
{_OF_CUSTOMER}
"""
"""What a customer owed before the period, what came on and off in it, and what it owes then.

Unapplied cash counts against what is owed, so applying a payment changes nothing here.
"""

STATEMENT_LINES = f"""
SELECT posted.*, coalesce(charges.ref, payments.ref, dunned.ref) AS ref
FROM (
    SELECT {_DAY} AS day, event_on, booked_on, e.customer_key, journal_id, kind, source_id,
        sum(debit) AS debit, sum(credit) AS credit
    {_OF_CUSTOMER} AND {_IS_LISTED}
    GROUP BY 1, event_on, booked_on, e.customer_key, journal_id, kind, source_id
) posted
LEFT JOIN charges ON charges.charge_id = posted.source_id
LEFT JOIN payments ON payments.payment_id = posted.source_id
LEFT JOIN items fee ON fee.item_id = posted.source_id
LEFT JOIN charges dunned ON dunned.charge_id = fee.charge_id
"""
"""What changed what a customer owes, with the number of the bill or the payment behind it."""

BALANCES = f"""
SELECT account::text AS account, sum(balance) AS balance, sum(version)::bigint AS version
FROM balances b JOIN accounts USING (account)
WHERE b.customer_key = {SAME_CUSTOMER} AND {visible("money", "b.customer_key")}
GROUP BY account, number ORDER BY number
"""
"""What a customer owes and has with us, and how many entries made it."""

MONTHS = """
SELECT to_char(month, 'YYYY-MM') AS month, closed_on, closed_at, closed_by, policy_version,
    postings, late_lines, waiting
FROM closed_months
"""
