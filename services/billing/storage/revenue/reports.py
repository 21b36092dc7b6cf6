"""What callers read of revenue: sums of entries, so every total is the ledger's."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit
from shared.directory.identities import SAME_CUSTOMER, present

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

POSTINGS = f"""
SELECT posting_id, customer_key, journal_id, system, ref, business_line, amount, base, occurred_on,
    rule, split_id, terms_version, reverses, reversed, version
FROM postings p
WHERE {visible("money", "p.customer_key")}
    AND (CAST(:posting_id AS uuid) IS NULL OR posting_id = :posting_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:from_on AS date) IS NULL OR occurred_on >= :from_on)
    AND (CAST(:until_on AS date) IS NULL OR occurred_on <= :until_on)
"""

SHARES = f"""
SELECT unit, is_increment, sum(CASE WHEN credit = 'revenue' THEN amount ELSE -amount END) AS amount
FROM journal e WHERE journal_id = :journal_id AND {visible_unit("e.unit")}
GROUP BY unit, is_increment ORDER BY unit, is_increment
"""
