"""Whether the ledger agrees with itself: lines, reversals, balances, and months that are closed.

Constraints and triggers keep all of it. These questions find what was done without them.
"""

from __future__ import annotations

from services.billing.storage.books.comparing import pairs

_LINES = """
SELECT journal_id || ' ' || line_no, 'a line of the books', concat_ws(' ', debit, credit, amount,
    'item ' || item_id, unit, business_line, event_on, 'booked ' || booked_on)
FROM journal
WHERE amount <= 0 OR debit = credit OR booked_on <= event_on
    OR ('revenue' IN (debit, credit) AND (unit IS NULL OR business_line IS NULL))
    OR ('receivable' IN (debit, credit) AND item_id IS NULL)
    OR booked_on IS NOT NULL
        AND booked_on NOT IN (SELECT (month + interval '1 month')::date FROM closed_months)
ORDER BY 1
"""
"""What is booked later than its day is so because the month before that day was closed."""

_REVERSALS = """
SELECT taken.reverses::text, coalesce(original.amount, 0)::text, taken.amount::text
FROM (
    SELECT reverses, debit, credit, customer_key, unit, business_line, item_id,
        sum(amount) AS amount
    FROM journal WHERE reverses IS NOT NULL
    GROUP BY reverses, debit, credit, customer_key, unit, business_line, item_id
) taken
LEFT JOIN LATERAL (
    SELECT sum(amount) AS amount FROM journal
    WHERE journal_id = taken.reverses AND reverses IS NULL
        AND debit = taken.credit AND credit = taken.debit
        AND customer_key = taken.customer_key AND unit IS NOT DISTINCT FROM taken.unit
        AND business_line IS NOT DISTINCT FROM taken.business_line
        AND item_id IS NOT DISTINCT FROM taken.item_id
) original ON true
WHERE coalesce(original.amount, 0) < taken.amount ORDER BY 1
"""
"""A reversal turns lines of its original round, and takes back no more than they moved."""

_MONTHS = """
SELECT to_char(month, 'YYYY-MM'), 'closed after ' || to_char(month - interval '1 month', 'YYYY-MM'),
    'closed after ' || to_char(before, 'YYYY-MM')
FROM (SELECT month, lag(month) OVER (ORDER BY month) AS before FROM closed_months) closed
WHERE before <> month - interval '1 month' ORDER BY 1
"""

_CLOSED_MONTHS = pairs(
    """SELECT to_char(month, 'YYYY-MM') AS key,
        coalesce(moved.postings, 0) || ' postings, late lines '
        || coalesce(moved.late_lines, 0) AS said
    FROM closed_months LEFT JOIN (
        SELECT date_trunc('month', coalesce(booked_on, event_on))::date AS month,
            count(DISTINCT source_id) FILTER (WHERE kind = 'revenue') AS postings,
            count(booked_on) AS late_lines
        FROM journal GROUP BY 1) moved USING (month)""",
    """SELECT to_char(month, 'YYYY-MM') AS key,
        postings || ' postings, late lines ' || late_lines AS said
    FROM closed_months""",
)

_CLOSED_ACCOUNTS = pairs(
    """SELECT to_char(closed.month, 'YYYY-MM') || ' ' || account AS key,
        coalesce(sum(debit) FILTER (WHERE moved.month = closed.month), 0.00) || ' debited, '
        || coalesce(sum(credit) FILTER (WHERE moved.month = closed.month), 0.00)
        || ' credited, balance ' || sum(balance) AS said
    FROM closed_months closed JOIN (
        SELECT account, date_trunc('month', booked_on)::date AS month, sum(debit) AS debit,
            sum(credit) AS credit, sum(balance) AS balance
        FROM entries GROUP BY 1, 2
    ) moved ON moved.month <= closed.month
    GROUP BY closed.month, account
    HAVING sum(balance) <> 0 OR bool_or(moved.month = closed.month)""",
    """SELECT to_char(month, 'YYYY-MM') || ' ' || account AS key,
        debit || ' debited, ' || credit || ' credited, balance ' || balance AS said
    FROM closed_accounts WHERE debit <> 0 OR credit <> 0 OR balance <> 0""",
)

_CLOSED_REVENUE = pairs(
    """SELECT to_char(month, 'YYYY-MM') || ' ' || unit || ' ' || business_line AS key,
        'base ' || coalesce(-sum(balance) FILTER (WHERE NOT is_increment), 0.00)
        || ', increment ' || coalesce(-sum(balance) FILTER (WHERE is_increment), 0.00) AS said
    FROM entries JOIN closed_months ON month = date_trunc('month', booked_on)
    WHERE account = 'revenue' GROUP BY month, unit, business_line""",
    """SELECT to_char(month, 'YYYY-MM') || ' ' || unit || ' ' || business_line AS key,
        'base ' || base || ', increment ' || increment AS said
    FROM closed_revenue""",
)

CHECKS = {
    "trial-balance": """
        SELECT 'all accounts', '0.00', sum(balance)::text
        FROM entries JOIN accounts USING (account) HAVING sum(balance) <> 0
    """,
    "lines": _LINES,
    "reversals": _REVERSALS,
    "balances": pairs(
        """SELECT customer_key || ' ' || account AS key,
            sum(balance) || ' version ' || count(*) AS said
        FROM entries JOIN accounts USING (account) WHERE is_of_customer
        GROUP BY customer_key, account""",
        """SELECT customer_key || ' ' || account AS key, balance || ' version ' || version AS said
        FROM balances""",
    ),
    "months": _MONTHS,
    "closed-months": _CLOSED_MONTHS,
    "closed-accounts": _CLOSED_ACCOUNTS,
    "closed-revenue": _CLOSED_REVENUE,
}
"""By name, what has to hold within the ledger."""
