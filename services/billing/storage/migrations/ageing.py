"""What is owed as of a day, by age, from the ledger: functions that ask the scope by themselves.

Under row-level security every row of the journal, of items and of charges would be asked for its
grants; here they are asked once. Both functions show what `kit.in_sight` lets the caller see of
customers' money, and nothing else. They run with the rights of the tables' owner. These are the
functions as they were first made; `open_items` has those that took their place.
"""

from __future__ import annotations

# The keys are in the statement when it is planned, so that few customers are looked up and many
# are gone through.
_LEDGER = """
SELECT item_id, sum(CASE WHEN debit = ''receivable'' THEN amount ELSE -amount END) AS balance
FROM journal
WHERE customer_key = ANY ($1) AND event_on <= $2 AND item_id IS NOT NULL
    AND ''receivable'' IN (debit, credit)
GROUP BY item_id
HAVING sum(CASE WHEN debit = ''receivable'' THEN amount ELSE -amount END) <> 0
"""
KEYS = """
DECLARE
    keys CONSTANT uuid[] := ARRAY(
        SELECT DISTINCT seen.customer_key FROM kit.in_sight seen
        WHERE seen.aspect = 'money' AND (wanted IS NULL OR seen.customer_key IN (
            SELECT wanted
            UNION
            SELECT unnest(ARRAY[mate.root, mate.customer_key]) FROM kit.identities mate
            WHERE mate.root = coalesce((SELECT own.root FROM kit.identities own
                WHERE own.customer_key = wanted), wanted))));
"""
RIGHTS = """
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB'
"""

AGED_ITEMS = f"""
CREATE FUNCTION aged_items(day date, wanted uuid)
RETURNS TABLE (customer_key uuid, receivable_id uuid, system text, ref text, business_line text,
    tariff_class text, issued_on date, item_id uuid, number integer, is_late_fee boolean,
    due_on date, balance numeric, days_overdue integer)
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE '
        SELECT charges.customer_key, charges.charge_id, system, ref, business_line, tariff_class,
            issued_on, items.item_id, items.number, fee_of IS NOT NULL, items.due_on,
            ledger.balance, coalesce(greatest($2 - items.due_on, 0), 0)
        FROM ({_LEDGER}) ledger
        JOIN items ON items.item_id = ledger.item_id
        JOIN charges ON charges.charge_id = items.charge_id' USING keys, day;
END $$
"""
"""Every instalment and late fee with a balance when the day ends, and how long it is overdue.

`wanted` is a customer, under any of its keys, or NULL for all.
"""

AGED_TOTALS = f"""
CREATE FUNCTION aged_totals(day date, wanted uuid, firsts integer[], by_line boolean)
RETURNS TABLE (customer_key uuid, business_line text, bucket integer, balance numeric)
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE format('
        SELECT items.customer_key, %s,
            width_bucket(coalesce(greatest($2 - items.due_on, 0), 0), $3), sum(ledger.balance)
        FROM ({_LEDGER}) ledger JOIN items ON items.item_id = ledger.item_id %s
        GROUP BY 1, 2, 3',
        CASE WHEN by_line THEN 'charges.business_line' ELSE 'NULL::text' END,
        CASE WHEN by_line THEN 'JOIN charges ON charges.charge_id = items.charge_id' END
    ) USING keys, day, firsts;
END $$
"""
"""The same by customer, line where it is wanted, and bucket.

A bucket begins with each of the days in `firsts`; 0 is not due.
"""

FUNCTIONS = ("aged_items(date, uuid)", "aged_totals(date, uuid, integer[], boolean)")
