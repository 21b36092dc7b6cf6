"""What is open on a day, and how many days late customers pay: sums of the journal (B-17, B-20)."""

from __future__ import annotations

from services.billing.storage.arrears.reports import AGEING
from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER, present

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

# What is owed on a day moves by the net of the day, so that what was applied and taken off again
# does not count. A cancellation leaves nothing that could have been late.
_MOVEMENTS = f"""
SELECT items.item_id, items.customer_key, items.due_on,
    items.amount + items.written_off AS amount,
    CASE WHEN e.kind = 'cancellation' THEN items.due_on ELSE e.event_on END AS moved_on,
    sum(CASE WHEN e.debit = 'receivable' THEN e.amount ELSE -e.amount END) AS moved
FROM items JOIN journal e ON e.item_id = items.item_id
WHERE items.fee_of IS NULL AND items.due_on BETWEEN :from_on AND :until_on
    AND 'receivable' IN (e.debit, e.credit) AND e.event_on <= :on
    AND {visible("money", "items.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR items.customer_key = {SAME_CUSTOMER})
GROUP BY 1, 2, 3, 4, 5
"""
_LATENESS = f"""
SELECT customer_key, amount, due_on, sum(moved) AS balance,
    sum(moved * greatest(CAST(:on AS date) - greatest(moved_on, due_on), 0)) AS yuan_days,
    CASE WHEN sum(moved) > 0 THEN greatest(CAST(:on AS date) - due_on, 0)
        ELSE greatest(coalesce(max(moved_on) FILTER (WHERE moved < 0), due_on) - due_on, 0)
    END AS days_late
FROM ({_MOVEMENTS}) movement GROUP BY item_id, customer_key, due_on, amount
"""
_FIGURES = """
count(*) AS instalments, count(*) FILTER (WHERE balance <= 0) AS settled,
count(*) FILTER (WHERE days_late > 0) AS late,
count(*) FILTER (WHERE balance > 0 AND days_late > 0) AS overdue,
coalesce(sum(amount), 0) AS amount,
coalesce(round(sum(yuan_days) / nullif(sum(amount), 0), 2), 0) AS weighted_days_late,
coalesce(round(avg(days_late), 2), 0) AS average_days_late,
coalesce(max(days_late), 0) AS max_days_late
"""

DAYS_LATE = f"""
SELECT {present("item.customer_key")} AS customer_key, {_FIGURES} FROM ({_LATENESS}) item GROUP BY 1
"""
"""By customer, how late the instalments were paid that fell due from :from_on to :until_on.

What is not paid by the day :on is late until then. Days are weighted by the yuan that were paid
late, each part of an instalment with its own days; the plain mean counts every instalment once.
"""

DAYS_LATE_IN_ALL = f"SELECT {_FIGURES} FROM ({_LATENESS}) item"
