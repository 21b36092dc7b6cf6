"""What is open on a day, and how many days late customers pay: sums of the journal (B-17, B-20)."""

from __future__ import annotations

from services.billing.storage.arrears.reports import AGEING
from shared.directory.identities import present

OPEN_ITEMS = f"""
SELECT item.*, days_overdue > 0 AS is_overdue FROM ({AGEING}) item
WHERE (CAST(:is_overdue AS boolean) IS NULL OR (days_overdue > 0) = :is_overdue)
"""
"""Every instalment and late fee with a balance on the day :on, and whether it is overdue then."""

OPEN_TOTALS = f"""
SELECT is_late_fee, is_overdue, count(*) AS items, count(DISTINCT receivable_id) AS receivables,
    count(DISTINCT customer_key) AS customers, sum(balance) AS balance, max(days_overdue) AS oldest
FROM ({OPEN_ITEMS}) item GROUP BY is_late_fee, is_overdue
"""

_FIGURES = """
coalesce(sum(instalments), 0)::bigint AS instalments, coalesce(sum(settled), 0)::bigint AS settled,
coalesce(sum(late), 0)::bigint AS late, coalesce(sum(overdue), 0)::bigint AS overdue,
coalesce(sum(amount), 0) AS amount,
coalesce(round(sum(yuan_days) / nullif(sum(amount), 0), 2), 0) AS weighted_days_late,
coalesce(round(sum(days) / nullif(sum(instalments), 0), 2), 0) AS average_days_late,
coalesce(max(max_days), 0) AS max_days_late
FROM paid_late(:on, coalesce(CAST(:from_on AS date), '-infinity'), CAST(:until_on AS date),
    CAST(:customer_key AS uuid))
    AS paid
"""

DAYS_LATE = f"""
SELECT {present("paid.customer_key")} AS customer_key, {_FIGURES} GROUP BY 1
"""
"""By customer, how late the instalments were paid that fell due from :from_on to :until_on.

What is not paid by the day :on is late until then. Days are weighted by the yuan that were paid
late, each part of an instalment with its own days; the plain mean counts every instalment once.
"""

DAYS_LATE_IN_ALL = f"SELECT {_FIGURES}"
