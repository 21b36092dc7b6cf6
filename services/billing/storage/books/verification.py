"""Whether everything that is kept beside the journal says what the journal says (B-34).

Each question is asked of all rows at once and names every difference: the key, what the ledger
says, what is kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from shared.work import Work

_ROOT = "coalesce((SELECT root FROM kit.identities known WHERE known.customer_key = {key}), {key})"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two records of the same money differ."""

    check: str
    key: str
    ledger: str
    kept: str


def _pairs(ledger: str, kept: str) -> str:
    """Keys of two questions (key, said) of which either says something else, or nothing."""
    return f"""
    SELECT coalesce(ledger.key, kept.key), coalesce(ledger.said, '-'), coalesce(kept.said, '-')
    FROM ({ledger}) ledger FULL JOIN ({kept}) kept ON kept.key = ledger.key
    WHERE ledger.said IS DISTINCT FROM kept.said ORDER BY 1
    """


_CHECKS = {
    "trial-balance": """
        SELECT 'all accounts', '0.00', sum(balance)::text FROM entries HAVING sum(balance) <> 0
    """,
    "reversals": """
        SELECT taken.reverses::text, coalesce(original.amount, 0)::text, taken.amount::text
        FROM (
            SELECT reverses, sum(amount) AS amount FROM journal WHERE reverses IS NOT NULL
            GROUP BY reverses
        ) taken
        LEFT JOIN LATERAL (
            SELECT sum(amount) AS amount FROM journal
            WHERE journal_id = taken.reverses AND reverses IS NULL
        ) original ON true
        WHERE coalesce(original.amount, 0) < taken.amount ORDER BY 1
    """,
    "balances": _pairs(
        """SELECT customer_key || ' ' || account AS key,
            sum(balance) || ' version ' || count(*) AS said
        FROM entries JOIN accounts USING (account) WHERE is_of_customer
        GROUP BY customer_key, account""",
        """SELECT customer_key || ' ' || account AS key, balance || ' version ' || version AS said
        FROM balances""",
    ),
    "items": _pairs(
        """SELECT item_id::text AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'receivable' GROUP BY item_id HAVING sum(balance) <> 0""",
        """SELECT item_id::text AS key, (amount - paid)::text AS said FROM items
        WHERE amount <> paid""",
    ),
    "charges": _pairs(
        """SELECT charge_id::text AS key, sum(e.balance)::text AS said
        FROM entries e JOIN items ON items.item_id = e.item_id AND items.fee_of IS NULL
        WHERE e.account = 'receivable' AND e.kind IN ('charge', 'opening', 'cancellation')
        GROUP BY charge_id HAVING sum(e.balance) <> 0""",
        """SELECT charge_id::text AS key, (gross - cancelled)::text AS said FROM charges
        WHERE gross <> cancelled""",
    ),
    "payments": _pairs(
        """SELECT payment_id::text AS key, sum(amount)::text AS said FROM applications
        GROUP BY payment_id HAVING sum(amount) <> 0""",
        "SELECT payment_id::text AS key, applied::text AS said FROM payments WHERE applied <> 0",
    ),
    "unapplied": _pairs(
        f"""SELECT {_ROOT.format(key="e.customer_key")}::text AS key,
            (-sum(balance))::text AS said FROM entries e WHERE account = 'unapplied_cash'
        GROUP BY 1 HAVING sum(balance) <> 0""",
        f"""SELECT {_ROOT.format(key="p.customer_key")}::text AS key,
            sum(amount - returned - applied)::text AS said FROM payments p
        GROUP BY 1 HAVING sum(amount - returned - applied) <> 0""",
    ),
    "postings": _pairs(
        """SELECT source_id::text AS key, (-sum(balance))::text AS said FROM entries
        WHERE account = 'revenue' GROUP BY source_id HAVING sum(balance) <> 0""",
        "SELECT posting_id::text AS key, amount::text AS said FROM postings WHERE amount <> 0",
    ),
    "deposits": _pairs(
        """SELECT source_id::text AS key, (-sum(balance))::text AS said FROM entries
        WHERE account = 'deposits_held' GROUP BY source_id HAVING sum(balance) <> 0""",
        """SELECT chain_id::text AS key, chain_amount::text AS said FROM deposits
        WHERE state IN ('taken', 'expired')""",
    ),
    "discounts": _pairs(
        """SELECT customer_key::text AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'discounts' GROUP BY customer_key HAVING sum(balance) <> 0""",
        """SELECT customer_key::text AS key, sum(amount)::text AS said FROM granted_discounts
        GROUP BY customer_key HAVING sum(amount) <> 0""",
    ),
    "closed-accounts": """
        WITH moved AS MATERIALIZED (
            SELECT account, date_trunc('month', booked_on) AS month, sum(balance) AS balance
            FROM entries GROUP BY 1, 2
        )
        SELECT to_char(closed.month, 'YYYY-MM') || ' ' || closed.account,
            coalesce(sum(moved.balance), 0)::text, closed.balance::text
        FROM closed_accounts closed
        LEFT JOIN moved ON moved.account = closed.account AND moved.month <= closed.month
        GROUP BY closed.month, closed.account, closed.balance
        HAVING coalesce(sum(moved.balance), 0) <> closed.balance ORDER BY 1
    """,
    "closed-revenue": _pairs(
        """SELECT to_char(month, 'YYYY-MM') || ' ' || unit || ' ' || business_line AS key,
            (-sum(balance))::text AS said
        FROM entries JOIN closed_months ON month = date_trunc('month', booked_on)
        WHERE account = 'revenue' GROUP BY month, unit, business_line""",
        """SELECT to_char(month, 'YYYY-MM') || ' ' || unit || ' ' || business_line AS key,
            (base + increment)::text AS said FROM closed_revenue""",
    ),
}
CHECKS = tuple(_CHECKS)
"""What is compared with the ledger, by name."""


async def differences(work: Work) -> AsyncIterator[tuple[str, list[Difference]]]:
    """Every check with all that it found, one after the other."""
    for check, sql in _CHECKS.items():
        rows = await work.bulk(sql)
        yield check, [Difference(check, *row) for row in rows]
