"""How late customers pay, from the ledger: a function that asks the scope by itself, once.

Under row-level security every row of the journal and of items would be asked for its grants. The
function shows what `kit.in_sight` lets the caller see of customers' money, and nothing else. It
runs with the rights of the tables' owner.
"""

from __future__ import annotations

from services.billing.storage.migrations.ageing import KEYS, RIGHTS

# The keys are in the statement when it is planned, so that few customers are looked up and many
# are gone through. What is owed moves by the net of a day, so that what was applied and taken off
# again does not count. A cancellation leaves nothing that could have been late.
_MOVEMENTS = """
SELECT items.item_id, items.customer_key, items.due_on,
    items.amount + items.written_off AS amount,
    CASE WHEN kind = ''cancellation'' THEN items.due_on ELSE event_on END AS moved_on,
    sum(CASE WHEN debit = ''receivable'' THEN journal.amount ELSE -journal.amount END) AS moved
FROM items JOIN journal ON journal.item_id = items.item_id
WHERE items.customer_key = ANY ($1) AND items.fee_of IS NULL
    AND items.due_on BETWEEN $3 AND $4
    AND journal.customer_key = ANY ($1) AND ''receivable'' IN (debit, credit) AND event_on <= $2
GROUP BY 1, 2, 3, 4, 5
"""
_LATENESS = f"""
SELECT movement.customer_key, movement.amount, sum(moved) AS balance,
    sum(moved * greatest($2 - greatest(moved_on, due_on), 0)) AS yuan_days,
    CASE WHEN sum(moved) > 0 THEN greatest($2 - due_on, 0)
        ELSE greatest(coalesce(max(moved_on) FILTER (WHERE moved < 0), due_on) - due_on, 0)
    END AS days
FROM ({_MOVEMENTS}) movement
GROUP BY item_id, movement.customer_key, due_on, movement.amount
"""

PAID_LATE = f"""
CREATE FUNCTION paid_late(day date, from_on date, until_on date, wanted uuid)
RETURNS TABLE (customer_key uuid, instalments bigint, settled bigint, late bigint, overdue bigint,
    amount numeric, yuan_days numeric, days numeric, max_days integer)
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE '
        SELECT item.customer_key, count(*), count(*) FILTER (WHERE item.balance <= 0),
            count(*) FILTER (WHERE item.days > 0),
            count(*) FILTER (WHERE item.balance > 0 AND item.days > 0), sum(item.amount),
            sum(item.yuan_days), sum(item.days)::numeric, max(item.days)
        FROM ({_LATENESS}) item GROUP BY 1' USING keys, day, from_on, until_on;
END $$
"""
"""By customer, the instalments due from `from_on` to `until_on` as they stand when `day` ends.

`days` sums the days of each late instalment, `yuan_days` every yuan with its own days. `wanted` is
a customer, under any of its keys, or NULL for all.
"""
