"""Whether the ledger says what its documents say: charges, payments, postings, deposits and others.

By amount and by day, since late fees and ageing go by the day that a line belongs to.
"""

from __future__ import annotations

from services.billing.storage.books.comparing import pairs

_ROOT = "coalesce((SELECT root FROM kit.identities known WHERE known.customer_key = {key}), {key})"

_CHARGES = pairs(
    """SELECT source_id || ' ' || event_on AS key,
        coalesce(sum(balance) FILTER (WHERE account = 'receivable'), 0.00) || ' with VAT '
        || coalesce(-sum(balance) FILTER (WHERE account = 'output_vat'), 0.00) AS said
    FROM entries WHERE item_id IS NOT NULL AND kind IN ('charge', 'opening', 'cancellation')
    GROUP BY source_id, event_on
    HAVING sum(balance) FILTER (WHERE account = 'receivable') <> 0
        OR sum(balance) FILTER (WHERE account = 'output_vat') <> 0""",
    """SELECT charge_id || ' ' || event_on AS key, sum(gross) || ' with VAT ' || sum(tax) AS said
    FROM (
        SELECT charge_id, issued_on AS event_on, gross, tax FROM charges
        UNION ALL
        SELECT charge_id, greatest(cancelled_on, issued_on), -amount,
            round(tax * (left_of - amount) / gross, 2) - round(tax * left_of / gross, 2)
        FROM (
            SELECT charge_id, cancelled_on, issued_on, amount, charges.tax, gross,
                gross + amount - sum(amount) OVER (PARTITION BY charge_id
                    ORDER BY cancelled_on, back.system COLLATE "C", back.ref COLLATE "C") AS left_of
            FROM charge_cancellations back JOIN charges USING (charge_id)
        ) taken_back
    ) billed GROUP BY charge_id, event_on HAVING sum(gross) <> 0 OR sum(tax) <> 0""",
)

"""What is taken back counts in the order of its days and numbers, from the day of the bill on."""

_FUNDS = pairs(
    """SELECT source_id || ' ' || event_on || ' ' || against AS key, sum(amount)::text AS said
    FROM (
        SELECT source_id, event_on, CASE WHEN debit = 'unapplied_cash' THEN credit ELSE debit END
            AS against, CASE WHEN debit = 'unapplied_cash' THEN -amount ELSE amount END AS amount
        FROM journal WHERE 'unapplied_cash' IN (debit, credit)
    ) moved
    WHERE against IN ('bank', 'opening_balances', 'compensations')
    GROUP BY source_id, event_on, against HAVING sum(amount) <> 0""",
    """SELECT payment_id || ' ' || event_on || ' '
        || CASE fund WHEN 'opening' THEN 'opening_balances' WHEN 'compensation' THEN 'compensations'
            ELSE fund END AS key, sum(amount)::text AS said
    FROM (
        SELECT payment_id, fund, received_on AS event_on, amount FROM payments
        UNION ALL
        SELECT payment_id, fund, greatest(returned_on, received_on), -back.amount
        FROM payment_returns back JOIN payments USING (payment_id)
    ) moved
    WHERE fund IN ('bank', 'opening', 'compensation')
    GROUP BY payment_id, event_on, fund HAVING sum(amount) <> 0""",
)
"""What came in from outside and what went back there, by the account that it came from."""

_POSTINGS = pairs(
    """SELECT source_id || ' ' || event_on || ' ' || business_line AS key,
        -sum(balance) || ' base ' || coalesce(-sum(balance) FILTER (WHERE NOT is_increment), 0.00)
        AS said
    FROM entries WHERE account = 'revenue' GROUP BY source_id, event_on, business_line
    HAVING sum(balance) <> 0 OR sum(balance) FILTER (WHERE NOT is_increment) <> 0""",
    """SELECT posting_id || ' ' || occurred_on || ' ' || business_line AS key,
        amount || ' base ' || base AS said
    FROM postings WHERE amount <> 0 OR base <> 0""",
)

_SHARES = pairs(
    """SELECT source_id || ' ' || unit || ' ' || is_increment AS key, (-sum(balance))::text AS said
    FROM entries WHERE account = 'revenue' GROUP BY source_id, unit, is_increment
    HAVING sum(balance) <> 0""",
    """SELECT posting_id || ' ' || unit || ' ' || is_increment AS key, (-sum(balance))::text AS said
    FROM postings JOIN entries USING (journal_id) WHERE account = 'revenue'
    GROUP BY posting_id, unit, is_increment HAVING sum(balance) <> 0""",
)
"""What every unit has of a posting is what the journal of its present shares gives it (B-31)."""

CHECKS = {
    "items": pairs(
        """SELECT item_id::text AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'receivable' GROUP BY item_id HAVING sum(balance) <> 0""",
        """SELECT item_id::text AS key, (amount - paid)::text AS said FROM items
        WHERE amount <> paid""",
    ),
    "charges": _CHARGES,
    "cancellations": pairs(
        """SELECT charge_id::text AS key, sum(amount)::text AS said FROM charge_cancellations
        GROUP BY charge_id""",
        "SELECT charge_id::text AS key, cancelled::text AS said FROM charges WHERE cancelled <> 0",
    ),
    "late-fees": pairs(
        """SELECT item_id::text AS key, (-sum(balance))::text AS said FROM entries
        WHERE account = 'late_fee_income' GROUP BY item_id HAVING sum(balance) <> 0""",
        """SELECT item_id::text AS key, (amount + written_off)::text AS said FROM items
        WHERE fee_of IS NOT NULL AND amount + written_off <> 0""",
    ),
    "fee-decisions": pairs(
        """SELECT item_id::text AS key, (amount + written_off)::text AS said FROM items
        WHERE fee_of IS NOT NULL AND amount + written_off <> 0""",
        """SELECT item_id::text AS key, (amount - waived)::text AS said FROM (
            SELECT DISTINCT ON (item_id) item_id, amount, waived FROM late_fee_decisions
            ORDER BY item_id, version DESC
        ) last WHERE amount <> waived""",
    ),
    "write-offs": pairs(
        """SELECT item_id || ' ' || event_on AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'bad_debts' GROUP BY item_id, event_on HAVING sum(balance) <> 0""",
        """SELECT item_id || ' ' || event_on AS key, amount::text AS said FROM write_off_entries
        WHERE amount <> 0""",
    ),
    "written-off": pairs(
        """SELECT item_id::text AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'bad_debts' GROUP BY item_id HAVING sum(balance) <> 0""",
        """SELECT item_id::text AS key, written_off::text AS said FROM items
        WHERE written_off <> 0""",
    ),
    "funds": _FUNDS,
    "returns": pairs(
        """SELECT payment_id::text AS key, sum(back.amount)::text AS said
        FROM payment_returns back JOIN payments USING (payment_id)
        WHERE fund IN ('bank', 'opening', 'compensation') GROUP BY payment_id""",
        """SELECT payment_id::text AS key, returned::text AS said FROM payments
        WHERE fund IN ('bank', 'opening', 'compensation') AND returned <> 0""",
    ),
    "applications": pairs(
        """SELECT source_id || ' ' || item_id || ' ' || event_on AS key,
            (-sum(balance))::text AS said
        FROM entries WHERE account = 'receivable' AND kind = 'application'
        GROUP BY source_id, item_id, event_on HAVING sum(balance) <> 0""",
        """SELECT payment_id || ' ' || item_id || ' ' || event_on AS key, amount::text AS said
        FROM applications WHERE amount <> 0""",
    ),
    "paid": pairs(
        """SELECT item_id::text AS key, sum(amount)::text AS said FROM applications
        GROUP BY item_id HAVING sum(amount) <> 0""",
        "SELECT item_id::text AS key, paid::text AS said FROM items WHERE paid <> 0",
    ),
    "payments": pairs(
        """SELECT payment_id::text AS key, sum(amount)::text AS said FROM applications
        GROUP BY payment_id HAVING sum(amount) <> 0""",
        "SELECT payment_id::text AS key, applied::text AS said FROM payments WHERE applied <> 0",
    ),
    "unapplied": pairs(
        f"""SELECT {_ROOT.format(key="e.customer_key")}::text AS key,
            (-sum(balance))::text AS said FROM entries e WHERE account = 'unapplied_cash'
        GROUP BY 1 HAVING sum(balance) <> 0""",
        f"""SELECT {_ROOT.format(key="p.customer_key")}::text AS key,
            sum(amount - returned - applied)::text AS said FROM payments p
        GROUP BY 1 HAVING sum(amount - returned - applied) <> 0""",
    ),
    "postings": _POSTINGS,
    "reversed": pairs(
        """SELECT reverses::text AS key, sum(amount)::text AS said FROM postings
        WHERE reverses IS NOT NULL GROUP BY reverses HAVING sum(amount) <> 0""",
        "SELECT posting_id::text AS key, reversed::text AS said FROM postings WHERE reversed <> 0",
    ),
    "shares": _SHARES,
    "deposits": pairs(
        """SELECT source_id::text AS key, (-sum(balance))::text AS said FROM entries
        WHERE account = 'deposits_held' GROUP BY source_id HAVING sum(balance) <> 0""",
        """SELECT chain_id::text AS key, chain_amount::text AS said FROM deposits
        WHERE state IN ('taken', 'expired')""",
    ),
    "discounts": pairs(
        """SELECT customer_key || ' ' || event_on AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'discounts' GROUP BY customer_key, event_on HAVING sum(balance) <> 0""",
        """SELECT customer_key || ' ' || event_on AS key, sum(amount)::text AS said
        FROM granted_discounts GROUP BY customer_key, event_on HAVING sum(amount) <> 0""",
    ),
    "compensations": pairs(
        """SELECT customer_key || ' ' || event_on AS key, sum(balance)::text AS said FROM entries
        WHERE account = 'compensations' GROUP BY customer_key, event_on HAVING sum(balance) <> 0""",
        """SELECT customer_key || ' ' || decided_on AS key, sum(amount)::text AS said
        FROM compensations WHERE refused_because IS NULL GROUP BY customer_key, decided_on""",
    ),
}
"""By name, which documents have to say what the ledger says."""
