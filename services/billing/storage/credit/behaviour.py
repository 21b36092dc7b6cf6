"""What customers did in a period: the inputs of a credit assessment, for many at once (B-22).

Everything is told by who the customers are today. What was received after the period is not known
in it, so a period that is looked at later comes out the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.billing.domain.credit.scoring import Behaviour
from shared.directory.identities import present
from shared.work import Work

_MEMBER = """
WITH member AS MATERIALIZED (
    SELECT key AS customer_key, key AS root FROM unnest(CAST(:keys AS uuid[])) AS key
    UNION
    SELECT customer_key, root FROM kit.identities WHERE root = ANY(:keys)
)
"""

# What was given up fell due as well, and is late until the end of the period.
_PAID = f"""
{_MEMBER}, due AS MATERIALIZED (
    SELECT member.root, item_id, due_on, amount + written_off AS billed
    FROM items JOIN member USING (customer_key)
    WHERE fee_of IS NULL AND due_on BETWEEN :from_on AND :until_on AND amount + written_off > 0
), paid AS (
    SELECT due.item_id, sum(applications.amount) AS total,
        sum(applications.amount) FILTER (WHERE received_on <= due_on) AS in_time,
        sum(applications.amount * greatest(received_on - due_on, 0)) AS late
    FROM due JOIN applications USING (item_id) JOIN payments USING (payment_id)
    WHERE received_on <= :until_on GROUP BY due.item_id
)
SELECT root, sum(billed) AS fell_due, coalesce(sum(in_time), 0) AS paid_in_time,
    sum(coalesce(late, 0)
        + (billed - coalesce(total, 0)) * (CAST(:until_on AS date) - due_on)) AS yuan_days_late
FROM due LEFT JOIN paid USING (item_id) GROUP BY root
"""

# Money that did not come; what we paid back, or booked differently, is nobody's fault.
_COUNTS = {
    "returned_payment": """
        SELECT return_id AS what, back.customer_key FROM payment_returns back
        JOIN payments USING (payment_id)
        WHERE returned_on BETWEEN :from_on AND :until_on AND fund = 'bank' AND NOT EXISTS (
            SELECT FROM money_requests refund WHERE refund.request_id = return_id)""",
    "lapsed_deposit": """
        SELECT chain_id AS what, customer_key FROM deposits
        WHERE (contract_overdue_on BETWEEN :from_on AND :until_on AND state <> 'refunded')
            OR (state = 'forfeited' AND settled_on BETWEEN :from_on AND :until_on)""",
    "write_off": """
        SELECT items.charge_id AS what, items.customer_key FROM write_off_entries given_up
        JOIN items USING (item_id) WHERE given_up.event_on BETWEEN :from_on AND :until_on
        GROUP BY items.charge_id, items.customer_key HAVING sum(given_up.amount) > 0""",
    "compliance_case": """
        SELECT case_id AS what, customer_key FROM compliance_cases
        WHERE received_on BETWEEN :from_on AND :until_on""",
    "contracts": """
        SELECT contract_id AS what, customer_key FROM framework_contracts
        WHERE signed_on <= :until_on AND (valid_until_on IS NULL OR valid_until_on >= :until_on)
        UNION ALL
        SELECT agreement_id, customer_key FROM agreements
        WHERE signed_on BETWEEN :from_on AND :until_on AND state <> 'cancelled'""",
}
_COUNT = f"""
{_MEMBER}
SELECT root, count(DISTINCT what) AS number FROM ({{things}}) thing
JOIN member USING (customer_key) GROUP BY root
"""

_NEXT = f"""
SELECT customer_key, {present("customer_key")} AS root FROM balances
WHERE account = 'receivable' AND customer_key > :after ORDER BY customer_key LIMIT :size
"""


async def of_period(
    work: Work, customer_keys: Collection[UUID], from_on: date, until_on: date
) -> dict[UUID, Behaviour]:
    """What each of these customers did from the first to the last day, with all merged into it."""
    keys = sorted(customer_keys)
    days: dict[str, Any] = {"keys": keys, "from_on": from_on, "until_on": until_on}
    found = dict.fromkeys(keys, Behaviour())
    for row in await work.rows(_PAID, **days):
        found[row["root"]] = Behaviour(row["fell_due"], row["paid_in_time"], row["yuan_days_late"])
    for kind, things in _COUNTS.items():
        for row in await work.rows(_COUNT.format(things=things), **days):
            number: dict[str, Any] = {kind: row["number"]}
            found[row["root"]] = replace(found[row["root"]], **number)
    return found


async def next_customers(
    work: Work, after: UUID | None, size: int
) -> tuple[set[UUID], UUID | None]:
    """Who the next customers with receivables are today, and the last key; None: that was all."""
    rows = await work.rows(_NEXT, after=after or UUID(int=0), size=size)
    reached = rows[-1]["customer_key"] if len(rows) == size else None
    return {row["root"] for row in rows}, reached
