"""What is told from the ledger: every figure is a sum of entries, so every total is the ledger's.

Receivables are seen by those who may see a customer's money, revenue by the unit that got it; the
database keeps both for whoever reads (row-level security), and the conditions here say the same.
"""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit
from shared.directory.identities import SAME_CUSTOMER, present

_SEEN = f"""
(({visible_unit("e.unit")}) OR (e.unit IS NULL AND {visible("money", "e.customer_key")}))
"""

TRIAL_BALANCE = f"""
SELECT accounts.account::text AS account, number, side, title_zh, title_en,
    coalesce(sum(e.debit), 0) AS debit, coalesce(sum(e.credit), 0) AS credit,
    coalesce(sum(e.balance), 0) AS balance
FROM accounts LEFT JOIN entries e
    ON e.account = accounts.account AND e.event_on <= :on AND {_SEEN}
GROUP BY accounts.account, number, side, title_zh, title_en ORDER BY number
"""
"""Every account as of the day :on; the balances sum to zero."""

CHART = """
SELECT account::text AS account, number, side, title_zh, title_en FROM accounts ORDER BY number
"""

JOURNAL = f"""
SELECT journal_id, line_no, kind, source_id, debit::text AS debit, credit::text AS credit, amount,
    customer_key, unit, business_line, is_increment, item_id, event_on, event_at, created_at,
    reverses
FROM journal e
WHERE {_SEEN}
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:source_id AS uuid) IS NULL OR source_id = :source_id)
    AND (CAST(:kind AS text) IS NULL OR kind = :kind)
    AND (CAST(:from_on AS date) IS NULL OR event_on >= :from_on)
    AND (CAST(:until_on AS date) IS NULL OR event_on <= :until_on)
"""

_OF_CUSTOMER = f"""
FROM entries e
WHERE e.customer_key = {SAME_CUSTOMER} AND {visible("money", "e.customer_key")}
    AND account IN ('receivable', 'unapplied_cash')
"""

STATEMENT_BALANCES = f"""
SELECT coalesce(sum(balance) FILTER (WHERE event_on < :from_on), 0) AS opening,
    coalesce(sum(debit) FILTER (WHERE event_on BETWEEN :from_on AND :until_on), 0) AS debits,
    coalesce(sum(credit) FILTER (WHERE event_on BETWEEN :from_on AND :until_on), 0) AS credits,
    coalesce(sum(balance) FILTER (WHERE event_on <= :until_on), 0) AS closing
{_OF_CUSTOMER}
"""
"""What a customer owed before the period, what came on and off in it, and what it owes then.

Unapplied cash counts against what is owed, so applying a payment changes nothing here.
"""

STATEMENT_LINES = f"""
SELECT event_on, journal_id, kind, source_id, sum(debit) AS debit, sum(credit) AS credit
{_OF_CUSTOMER} AND kind <> 'application' AND event_on BETWEEN :from_on AND :until_on
GROUP BY event_on, journal_id, kind, source_id
"""

_ITEM_BALANCES = f"""
SELECT charges.customer_key, charges.charge_id AS receivable_id, charges.system, charges.ref,
    charges.business_line, charges.tariff_class, charges.issued_on, items.item_id, items.number,
    items.fee_of IS NOT NULL AS is_late_fee, items.due_on, ledger.balance,
    coalesce(greatest(CAST(:on AS date) - items.due_on, 0), 0) AS days_overdue
FROM (
    SELECT item_id, sum(balance) AS balance FROM entries
    WHERE account = 'receivable' AND event_on <= :on
    GROUP BY item_id HAVING sum(balance) <> 0
) ledger
JOIN items ON items.item_id = ledger.item_id
JOIN charges ON charges.charge_id = items.charge_id
WHERE {visible("money", "charges.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR charges.customer_key = {SAME_CUSTOMER})
"""

AGEING = f"""
SELECT coalesce(due_on, '9999-12-31'::date) AS due_order, owed.* FROM ({_ITEM_BALANCES}) owed
"""
"""Every instalment and late fee with a balance on the day :on, and how many days overdue it is."""

AGEING_TOTALS = f"""
SELECT customer_key, bucket, sum(balance) AS balance FROM (
    SELECT {present("owed.customer_key")} AS customer_key, balance,
        (SELECT count(*) FROM unnest(CAST(:last_days AS int[])) AS last
        WHERE days_overdue > last) + (days_overdue > 0)::int AS bucket
    FROM ({_ITEM_BALANCES}) owed
) aged
GROUP BY customer_key, bucket
"""
"""The same by customer and bucket: 0 is not due, 1 the first bucket."""

REVENUE = f"""
SELECT CASE WHEN :by_month THEN to_char(event_on, 'YYYY-MM') ELSE '' END AS month,
    CASE WHEN :by_unit THEN e.unit ELSE '' END AS unit,
    CASE WHEN :by_line THEN business_line ELSE '' END AS business_line,
    CASE WHEN :by_customer THEN {present("e.customer_key")}::text ELSE '' END AS customer,
    -sum(balance) FILTER (WHERE NOT is_increment) AS base,
    -sum(balance) FILTER (WHERE is_increment) AS increment, -sum(balance) AS amount
FROM entries e
WHERE account = 'revenue' AND {visible_unit("e.unit")}
    AND event_on BETWEEN :from_on AND :until_on
    AND (CAST(:customer_key AS uuid) IS NULL OR e.customer_key = {SAME_CUSTOMER})
    AND (CAST(:unit AS text) IS NULL
         OR e.unit IN (SELECT unit FROM kit.unit_closure WHERE ancestor = :unit))
    AND (CAST(:business_line AS text) IS NULL OR business_line = :business_line)
GROUP BY 1, 2, 3, 4
"""
"""Revenue as the units got it, grouped as asked; all groups together are the ledger's revenue."""
