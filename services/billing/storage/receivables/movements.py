"""Receivable 应收 and received 实收, by the ledger: every figure is a sum of its lines (B-20).

A line moves money to or from an account; what it is follows from the account on the other side, so
the columns of a report always make up the movement of the account, and its totals the ledger's.
"""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER, present

_DAY = "CASE WHEN :dates = 'occurred' THEN e.event_on ELSE coalesce(e.booked_on, e.event_on) END"
_OWNER = """
LEFT JOIN LATERAL (
    SELECT owner_unit FROM ownerships
    WHERE ownerships.customer_key = moved.owing_key AND effective_on <= :until_on
    ORDER BY version DESC LIMIT 1
) owned ON true
"""
_GROUPS = """
SELECT CASE WHEN :by_month THEN month ELSE '' END AS month,
    CASE WHEN :by_unit THEN coalesce(owned.owner_unit, '') ELSE '' END AS unit,
    CASE WHEN :by_line THEN coalesce(business_line, '') ELSE '' END AS business_line,
    CASE WHEN :by_class THEN coalesce(tariff_class, '') ELSE '' END AS tariff_class,
    CASE WHEN :by_customer THEN owing_key::text ELSE '' END AS customer,
    CASE WHEN :by_customer THEN owing_key END AS customer_key,
"""
_WANTED = f"""
{visible("money", "e.customer_key")} AND {_DAY} <= :until_on
    AND (CAST(:customer_key AS uuid) IS NULL OR e.customer_key = {SAME_CUSTOMER})
"""

RECEIVABLE = f"""
{_GROUPS}
    coalesce(sum(amount) FILTER (WHERE day < :from_on), 0) AS opening,
    coalesce(sum(amount) FILTER (WHERE day >= :from_on AND amount > 0
        AND other IN ('billed_clearing', 'output_vat', 'opening_balances')), 0) AS raised,
    -coalesce(sum(amount) FILTER (WHERE day >= :from_on AND amount < 0
        AND other IN ('billed_clearing', 'output_vat', 'opening_balances')), 0) AS taken_back,
    coalesce(sum(amount) FILTER (WHERE day >= :from_on AND other = 'late_fee_income'), 0)
        AS late_fees,
    -coalesce(sum(amount) FILTER (WHERE day >= :from_on AND other = 'unapplied_cash'), 0) AS paid,
    -coalesce(sum(amount) FILTER (WHERE day >= :from_on AND other = 'bad_debts'), 0) AS written_off,
    -coalesce(sum(amount) FILTER (WHERE day >= :from_on AND other NOT IN ('billed_clearing',
        'output_vat', 'opening_balances', 'late_fee_income', 'unapplied_cash', 'bad_debts')), 0)
        AS otherwise,
    sum(amount) AS closing
FROM (
    SELECT {_DAY} AS day,
        CASE WHEN e.debit = 'receivable' THEN e.amount ELSE -e.amount END AS amount,
        CASE WHEN e.debit = 'receivable' THEN e.credit ELSE e.debit END AS other,
        {present("e.customer_key")} AS owing_key, c.business_line, c.tariff_class,
        to_char(c.issued_on, 'YYYY-MM') AS month
    FROM journal e JOIN items ON items.item_id = e.item_id
    JOIN charges c ON c.charge_id = items.charge_id
    WHERE (e.debit = 'receivable' OR e.credit = 'receivable') AND {_WANTED}
) moved {_OWNER}
GROUP BY 1, 2, 3, 4, 5, 6
"""
"""What was owed before, what came on and off, what is owed then; a month is that of the bill."""

RECEIVED = f"""
{_GROUPS}
    coalesce(sum(amount) FILTER (WHERE other = 'bank' AND amount > 0), 0) AS received,
    -coalesce(sum(amount) FILTER (WHERE other = 'bank' AND amount < 0), 0) AS returned,
    coalesce(sum(amount) FILTER (WHERE other NOT IN ('bank', 'receivable')), 0) AS otherwise,
    -coalesce(sum(amount) FILTER (WHERE other = 'receivable'), 0) AS applied,
    sum(amount) AS unapplied
FROM (
    SELECT {_DAY} AS day,
        CASE WHEN e.credit = 'unapplied_cash' THEN e.amount ELSE -e.amount END AS amount,
        CASE WHEN e.credit = 'unapplied_cash' THEN e.debit ELSE e.credit END AS other,
        {present("e.customer_key")} AS owing_key, c.business_line, c.tariff_class,
        to_char({_DAY}, 'YYYY-MM') AS month
    FROM journal e LEFT JOIN items ON items.item_id = e.item_id
    LEFT JOIN charges c ON c.charge_id = items.charge_id
    WHERE (e.debit = 'unapplied_cash' OR e.credit = 'unapplied_cash') AND {_WANTED}
        AND {_DAY} >= :from_on
) moved {_OWNER}
GROUP BY 1, 2, 3, 4, 5, 6
"""
"""What came in and went out, what it paid, what is left; a month is that of the money."""
