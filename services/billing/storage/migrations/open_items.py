"""What is owed as of a day: what is owed now, less what the ledger has of later days.

What is owed now is kept with every item and is the sum of its postings, so a day that lies little
back costs little, and a page of the list what is on it. As those of `ageing`, whose place they
take, the functions ask the scope by themselves, once, and run with the rights of the tables' owner.
"""

from __future__ import annotations

from services.billing.storage.migrations.ageing import KEYS, RIGHTS

DUE_ORDER = "coalesce(due_on, ''9999-12-31'')"
"""Where an item comes in the list; a fee that grows is not due, and comes last."""

_LATER = """
SELECT item_id, sum(CASE WHEN debit = ''receivable'' THEN amount ELSE -amount END) AS moved
FROM journal
WHERE customer_key = ANY ($1) AND event_on > $2 AND item_id IS NOT NULL
    AND ''receivable'' IN (debit, credit)
GROUP BY item_id
"""
_OPEN_NOW = "customer_key = ANY ($1) AND paid < items.amount"

_COLUMNS = """
charges.customer_key, charges.charge_id, system, ref, business_line, tariff_class, issued_on,
items.item_id, items.number, fee_of IS NOT NULL, items.due_on, ledger.balance,
coalesce(greatest($2 - items.due_on, 0), 0)
"""
_OF_THE_DAY = f"""
SELECT item_id, sum(part.balance) AS balance FROM (
    SELECT item_id, items.amount - paid AS balance FROM items WHERE {_OPEN_NOW}
    UNION ALL
    SELECT item_id, -moved FROM ({_LATER}) later
) part GROUP BY item_id HAVING sum(part.balance) <> 0
"""
_ROWS = """
RETURNS TABLE (customer_key uuid, receivable_id uuid, system text, ref text, business_line text,
    tariff_class text, issued_on date, item_id uuid, number integer, is_late_fee boolean,
    due_on date, balance numeric, days_overdue integer)
"""

AGED_ITEMS = f"""
CREATE OR REPLACE FUNCTION aged_items(day date, wanted uuid)
{_ROWS}
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE '
        SELECT {_COLUMNS}
        FROM ({_OF_THE_DAY}) ledger
        JOIN items ON items.item_id = ledger.item_id
        JOIN charges ON charges.charge_id = items.charge_id' USING keys, day;
END $$
"""
"""Every instalment and late fee with a balance when the day ends, and how long it is overdue.

`wanted` is a customer, under any of its keys, or NULL for all.
"""

# What did not move since is found in the order of the list, as far as the page goes; what did move
# is rarely much.
AGED_PAGE = f"""
CREATE FUNCTION aged_page(day date, wanted uuid, after_due date, after_item uuid, at_most integer)
{_ROWS}
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE '
        WITH later AS MATERIALIZED ({_LATER}), unmoved AS MATERIALIZED (
            SELECT item_id, items.amount - paid AS balance, {DUE_ORDER} AS due_order FROM items
            WHERE {_OPEN_NOW} AND ($3 IS NULL OR ({DUE_ORDER}, item_id) > ($3, $4))
                AND NOT EXISTS (SELECT FROM later WHERE later.item_id = items.item_id)
            ORDER BY {DUE_ORDER}, item_id LIMIT $5
        ), moved AS (
            SELECT item_id, items.amount - paid - moved AS balance, {DUE_ORDER} AS due_order
            FROM later JOIN items USING (item_id)
            WHERE items.amount - paid - moved <> 0
                AND ($3 IS NULL OR ({DUE_ORDER}, item_id) > ($3, $4))
            ORDER BY {DUE_ORDER}, item_id LIMIT $5
        )
        SELECT {_COLUMNS}
        FROM (SELECT * FROM unmoved UNION ALL SELECT * FROM moved
            ORDER BY due_order, item_id LIMIT $5) ledger
        JOIN items ON items.item_id = ledger.item_id
        JOIN charges ON charges.charge_id = items.charge_id
        ORDER BY ledger.due_order, ledger.item_id' USING keys, day, after_due, after_item, at_most;
END $$
"""
"""The same, at most so many, behind an item in the order of due date and id; NULL: from the first.

`after_due` is 9999-12-31 where that item is not due yet.
"""

AGED_TOTALS = f"""
CREATE OR REPLACE FUNCTION aged_totals(day date, wanted uuid, firsts integer[], by_line boolean)
RETURNS TABLE (customer_key uuid, business_line text, bucket integer, balance numeric)
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE format('
        SELECT part.customer_key, %s,
            width_bucket(coalesce(greatest($2 - part.due_on, 0), 0), $3), sum(part.balance)
        FROM (
            SELECT items.customer_key, items.charge_id, items.due_on,
                items.amount - paid AS balance
            FROM items WHERE {_OPEN_NOW}
            UNION ALL
            SELECT items.customer_key, items.charge_id, items.due_on, -moved
            FROM ({_LATER}) later JOIN items USING (item_id)
        ) part %s
        GROUP BY 1, 2, 3 HAVING sum(part.balance) <> 0',
        CASE WHEN by_line THEN 'charges.business_line' ELSE 'NULL::text' END,
        CASE WHEN by_line THEN 'JOIN charges ON charges.charge_id = part.charge_id' END
    ) USING keys, day, firsts;
END $$
"""
"""The same by customer, line where it is wanted, and bucket.

A bucket begins with each of the days in `firsts`; 0 is not due.
"""
