"""Customers by the thousand, for sweeps over everything that is open: found, locked and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.billing import ReceivableChanged
from shared.directory.identities import present
from shared.messaging import outbox
from shared.work import Work

_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
_BOUND = """
SELECT customer_key FROM items WHERE paid < amount AND customer_key > %s::uuid
ORDER BY customer_key OFFSET %s::int4 LIMIT 1
"""
# In the order of their keys, as everybody locks them.
_LOCK = """
SELECT count(*) FROM (
    SELECT FROM positions
    WHERE customer_key > %s::uuid AND customer_key <= %s::uuid AND EXISTS (
        SELECT FROM items WHERE items.customer_key = positions.customer_key AND paid < amount
            AND fee_of IS NULL AND due_on < %s::date AND closed_on IS NULL)
    ORDER BY customer_key FOR UPDATE
) held
"""
_MARK_OVERDUE = """
WITH marked AS (
    UPDATE items SET is_overdue = true
    WHERE customer_key > %s::uuid AND customer_key <= %s::uuid AND paid < amount
        AND fee_of IS NULL AND due_on < %s::date AND NOT is_overdue AND closed_on IS NULL
    RETURNING charge_id
), changed AS (
    UPDATE charges SET state = 'overdue', version = version + 1
    WHERE charge_id IN (SELECT charge_id FROM marked) RETURNING charge_id
)
SELECT (SELECT count(*) FROM marked), array_agg(charge_id) FROM changed
"""
_CHANGE = """
UPDATE charges SET version = version + 1, state = CASE WHEN EXISTS (
        SELECT FROM items WHERE items.charge_id = charges.charge_id AND is_overdue
            AND paid < amount AND due_on IS NOT NULL) THEN 'overdue' ELSE 'open' END
WHERE charge_id = ANY (%s::uuid[])
"""
# What `receivable_changed` says of a receivable that is not settled.
_RECEIVABLES = f"""
SELECT customer_key, json_strip_nulls(json_build_object(
    'entity', json_build_object(
        'type', 'receivable', 'id', charges.charge_id, 'version', charges.version),
    'customer_key', customer_key, 'receivable_id', charges.charge_id,
    'source', CASE WHEN system <> 'billing' THEN
        json_build_object('system', system, 'ref', ref) END,
    'business_line', business_line, 'tariff_class', tariff_class, 'issued_on', issued_on,
    'state', state, 'amount', json_build_object(
        'amount', (gross - cancelled)::text, 'currency', given.currency),
    'balance', json_build_object('amount', own.balance::text, 'currency', given.currency),
    'late_fees', json_build_object('amount', own.late_fees::text, 'currency', given.currency),
    'instalments', own.instalments,
    'redirected_to', nullif({present("charges.customer_key")}, customer_key)))::text AS data
FROM (SELECT %s::text AS currency) given, charges
CROSS JOIN LATERAL (
    SELECT sum(amount - paid) AS balance,
        coalesce(sum(amount) FILTER (WHERE fee_of IS NOT NULL), 0.00) AS late_fees,
        json_agg(json_build_object('number', number, 'due_on', due_on,
            'amount', json_build_object('amount', amount::text, 'currency', given.currency),
            'balance', json_build_object(
                'amount', (amount - paid)::text, 'currency', given.currency)) ORDER BY number)
            FILTER (WHERE fee_of IS NULL) AS instalments
    FROM items WHERE items.charge_id = charges.charge_id
) own
WHERE charge_id = ANY (%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Customers:
    """All whose keys lie behind `after`, up to `until`; `is_last` when nobody comes behind them."""

    after: UUID
    until: UUID
    is_last: bool

    @property
    def reached(self) -> UUID | None:
        """Where the next portion begins; None when this is the last."""
        return None if self.is_last else self.until


async def next_portion(work: Work, after: UUID | None, items: int) -> Customers:
    """The next customers who have about so many open items between them."""
    first = after or _FIRST
    bound = await work.bulk(_BOUND, first, items)
    return Customers(first, bound[0][0] if bound else _LAST, not bound)


async def lock_overdue(work: Work, customers: Customers, on: date) -> None:
    """Hold the accounts of those with an unpaid instalment that was due before `on`."""
    await work.bulk(_LOCK, customers.after, customers.until, on)


async def mark_overdue(work: Work, customers: Customers, on: date) -> int:
    """What is unpaid and was due before `on` is overdue (B-13), and told; returns how many."""
    [(number, charge_ids)] = await work.bulk(_MARK_OVERDUE, customers.after, customers.until, on)
    await _tell(work, charge_ids or ())
    return int(number)


async def changed(work: Work, charge_ids: Sequence[UUID]) -> None:
    """Give charges with something unpaid their state and the next version, and tell them."""
    if charge_ids:
        await work.bulk(_CHANGE, list(charge_ids))
    await _tell(work, charge_ids)


async def _tell(work: Work, charge_ids: Sequence[UUID]) -> None:
    if charge_ids:
        await outbox.store_selected(
            work, ReceivableChanged, _RECEIVABLES, work.currency, list(charge_ids)
        )
