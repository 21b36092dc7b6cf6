"""What callers read of receivables and payments, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER

RECEIVABLES = f"""
SELECT c.charge_id AS receivable_id, c.customer_key, c.system, c.ref, c.business_line,
    c.tariff_class, c.issued_on, c.state, c.gross - c.cancelled AS amount, c.tax, c.cancelled,
    c.version,
    (SELECT coalesce(sum(amount - paid), 0) FROM items WHERE items.charge_id = c.charge_id)
        AS balance,
    (SELECT coalesce(sum(amount), 0) FROM items
     WHERE items.charge_id = c.charge_id AND fee_of IS NOT NULL) AS late_fees
FROM charges c
WHERE {visible("money", "c.customer_key")}
    AND (CAST(:receivable_id AS uuid) IS NULL OR c.charge_id = :receivable_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR c.customer_key = {SAME_CUSTOMER})
    AND (CAST(:state AS text) IS NULL OR c.state = :state)
    AND (CAST(:ref AS text) IS NULL OR c.ref = :ref)
"""

ITEMS = f"""
SELECT item_id, number, fee_of IS NOT NULL AS is_late_fee, due_on, billed, amount, paid,
    amount - paid AS balance, is_overdue
FROM items
WHERE charge_id = :receivable_id AND {visible("money", "items.customer_key")}
ORDER BY number, fee_of NULLS FIRST
"""

PAYMENTS = f"""
SELECT payment_id, customer_key, system, ref, fund, company_account, collected_by, received_on,
    amount, returned, applied, amount - returned - applied AS unapplied, remittance,
    remittance_system, version
FROM payments p
WHERE {visible("money", "p.customer_key")}
    AND (CAST(:payment_id AS uuid) IS NULL OR payment_id = :payment_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (NOT :is_unapplied OR applied < amount - returned)
"""

ALLOCATIONS = f"""
SELECT items.charge_id AS receivable_id, number AS instalment, fee_of IS NOT NULL AS is_late_fee,
    applications.amount, is_named, event_on
FROM applications JOIN items ON items.item_id = applications.item_id
WHERE payment_id = :payment_id AND {visible("money", "applications.customer_key")}
ORDER BY event_on, receivable_id, instalment, is_late_fee
"""

COMPLIANCE_CASES = f"""
SELECT case_id, customer_key, kind, system, ref, account, amount, received_on, collected_by,
    raised_at
FROM compliance_cases c WHERE {visible("money", "c.customer_key")}
"""
