"""What callers read of receivables and payments, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER, present

_RECEIVABLES = f"""
SELECT c.charge_id AS receivable_id, c.customer_key, c.system, c.ref, c.business_line,
    c.tariff_class, c.issued_on, c.state, c.gross - c.cancelled AS amount, c.tax, c.cancelled,
    c.version, coalesce(issued.kind, 'ordinary') AS kind, issued.month, issued.asset,
    issued.corrects, issued.staff_code AS issued_by,
    nullif({present("c.customer_key")}, c.customer_key) AS redirected_to,
    (SELECT coalesce(sum(amount - paid), 0) FROM items WHERE items.charge_id = c.charge_id)
        AS balance,
    (SELECT coalesce(sum(written_off), 0) FROM items WHERE items.charge_id = c.charge_id)
        AS written_off,
    (SELECT coalesce(sum(amount + written_off), 0) FROM items
     WHERE items.charge_id = c.charge_id AND fee_of IS NOT NULL) AS late_fees
FROM charges c LEFT JOIN issued_charges issued ON issued.charge_id = c.charge_id
"""

RECEIVABLES = f"""
{_RECEIVABLES}
WHERE {visible("money", "c.customer_key")}
    AND (CAST(:receivable_id AS uuid) IS NULL OR c.charge_id = :receivable_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR c.customer_key = {SAME_CUSTOMER})
    AND (CAST(:state AS text) IS NULL OR c.state = :state)
    AND (CAST(:ref AS text) IS NULL OR c.ref = :ref)
    AND (CAST(:month AS text) IS NULL OR issued.month = :month)
"""

RECEIVABLES_BY_ID = f"""
{_RECEIVABLES}
WHERE {visible("money", "c.customer_key")} AND c.charge_id = ANY(CAST(:receivable_ids AS uuid[]))
ORDER BY c.ref
"""

ITEMS = f"""
SELECT item_id, number, fee_of IS NOT NULL AS is_late_fee, due_on, billed,
    amount + written_off AS amount, paid, written_off, closed_on AS written_off_on,
    amount - paid AS balance, is_overdue
FROM items
WHERE charge_id = :receivable_id AND {visible("money", "items.customer_key")}
ORDER BY number, fee_of NULLS FIRST
"""

PAYMENTS = f"""
SELECT p.payment_id, p.customer_key, system, ref, fund, company_account, collected_by, received_on,
    amount, returned, applied, amount - returned - applied AS unapplied, remittance,
    remittance_system, version, receipts.voucher, receipts.staff_code AS received_by
FROM payments p LEFT JOIN receipts ON receipts.payment_id = p.payment_id
WHERE {visible("money", "p.customer_key")}
    AND (CAST(:payment_id AS uuid) IS NULL OR p.payment_id = :payment_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR p.customer_key = {SAME_CUSTOMER})
    AND (NOT :is_unapplied OR applied < amount - returned)
"""

ALLOCATIONS = f"""
SELECT items.charge_id AS receivable_id, number AS instalment, fee_of IS NOT NULL AS is_late_fee,
    applications.amount, is_named, is_pinned, event_on
FROM applications JOIN items ON items.item_id = applications.item_id
WHERE payment_id = :payment_id AND {visible("money", "applications.customer_key")}
ORDER BY event_on, receivable_id, instalment, is_late_fee
"""

COMPLIANCE_CASES = f"""
SELECT c.case_id, c.customer_key, kind, system, ref, account, amount, received_on, collected_by,
    raised_at, coalesce(last.state, 'raised') AS state, last.resolution,
    coalesce(last.version, 1) AS version
FROM compliance_cases c
LEFT JOIN LATERAL (
    SELECT state, resolution, version FROM compliance_case_steps step
    WHERE step.case_id = c.case_id ORDER BY version DESC LIMIT 1
) last ON true
WHERE {visible("money", "c.customer_key")}
    AND (CAST(:case_id AS uuid) IS NULL OR c.case_id = :case_id)
    AND (CAST(:state AS text) IS NULL OR coalesce(last.state, 'raised') = :state)
"""

CASE_STEPS = f"""
SELECT version, state, resolution, finding, staff_code, taken_on, recorded_at
FROM compliance_case_steps step
WHERE case_id = :case_id AND {visible("money", "step.customer_key")} ORDER BY version
"""
