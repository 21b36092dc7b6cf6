"""What callers read of documents: rows as they are shown, each behind the caller's scope."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit
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

LATE_FEES = f"""
SELECT fee.item_id AS late_fee_id, fee.customer_key, fee.charge_id AS receivable_id,
    fee.number AS instalment, fee.amount, fee.paid, fee.accrued_on AS as_of, fee.due_on,
    fee.due_on IS NOT NULL AS is_final, fee.version
FROM items fee
WHERE fee.fee_of IS NOT NULL AND {visible("money", "fee.customer_key")}
    AND (CAST(:late_fee_id AS uuid) IS NULL OR fee.item_id = :late_fee_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR fee.customer_key = {SAME_CUSTOMER})
    AND (CAST(:receivable_id AS uuid) IS NULL OR fee.charge_id = :receivable_id)
"""

LATE_FEE_DECISIONS = f"""
SELECT version, as_of, amount, is_minimum, plan_version, parts, recorded_at
FROM late_fee_decisions d
WHERE item_id = :late_fee_id AND {visible("money", "d.customer_key")} ORDER BY version
"""

DEPOSITS = f"""
SELECT deposit_id, chain_id, customer_key, object_code, kind, state, amount, chain_amount, price,
    taken_on, valid_until_on, contract_due_on, upgraded_to, agreement_id, settled_on,
    settled_amount, policy_version, version
FROM deposits d
WHERE {visible("money", "d.customer_key")}
    AND (CAST(:deposit_id AS uuid) IS NULL OR deposit_id = :deposit_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:object_code AS text) IS NULL OR object_code = :object_code)
    AND (CAST(:state AS text) IS NULL OR state = :state)
"""

DEPOSIT_CHANGES = f"""
SELECT changes.version, changes.state, changes."on", staff_code, reason, recorded_at
FROM deposit_changes changes JOIN deposits d ON d.deposit_id = changes.deposit_id
WHERE changes.deposit_id = :deposit_id AND {visible("money", "d.customer_key")}
ORDER BY changes.version
"""

AGREEMENTS = f"""
SELECT agreement_id, number, object_code, customer_key, charge_id AS receivable_id, price,
    signed_on, signed_at_unit, staff_code, version
FROM agreements a
WHERE {visible("money", "a.customer_key")}
    AND (CAST(:agreement_id AS uuid) IS NULL OR agreement_id = :agreement_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:object_code AS text) IS NULL OR object_code = :object_code)
"""

POSTINGS = f"""
SELECT posting_id, customer_key, journal_id, system, ref, business_line, amount, base, occurred_on,
    rule, split_id, terms_version, reverses, reversed, version
FROM postings p
WHERE {visible("money", "p.customer_key")}
    AND (CAST(:posting_id AS uuid) IS NULL OR posting_id = :posting_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:from_on AS date) IS NULL OR occurred_on >= :from_on)
    AND (CAST(:until_on AS date) IS NULL OR occurred_on <= :until_on)
"""

SHARES = f"""
SELECT unit, is_increment, sum(CASE WHEN credit = 'revenue' THEN amount ELSE -amount END) AS amount
FROM journal e WHERE journal_id = :journal_id AND {visible_unit("e.unit")}
GROUP BY unit, is_increment ORDER BY unit, is_increment
"""

COMPLIANCE_CASES = f"""
SELECT case_id, customer_key, kind, system, ref, account, amount, received_on, collected_by,
    raised_at
FROM compliance_cases c WHERE {visible("money", "c.customer_key")}
"""

DUNNINGS = f"""
SELECT d.dunning_id, d.customer_key, d.level, d.step, d.raised_on, d.withdrawn_on,
    d.policy_version, d.version, named.overdue, named.oldest_due_on, named.instalments
FROM dunnings d
CROSS JOIN LATERAL (
    SELECT sum(balance) AS overdue, min(due_on) AS oldest_due_on, count(*) AS instalments
    FROM dunning_items said
    WHERE said.dunning_id = d.dunning_id
        AND (d.withdrawn_on IS NOT NULL OR said.withdrawn_on IS NULL)
) named
WHERE {visible("money", "d.customer_key")}
    AND (CAST(:dunning_id AS uuid) IS NULL OR d.dunning_id = :dunning_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR d.customer_key = {SAME_CUSTOMER})
    AND (CAST(:level AS int) IS NULL OR d.level = :level)
    AND (CAST(:raised_on AS date) IS NULL OR d.raised_on = :raised_on)
    AND (CAST(:receivable_id AS uuid) IS NULL OR EXISTS (
        SELECT FROM dunning_items of_it
        WHERE of_it.dunning_id = d.dunning_id AND of_it.charge_id = :receivable_id))
"""

DUNNED_ITEMS = f"""
SELECT said.charge_id AS receivable_id, charges.ref, items.number AS instalment, said.due_on,
    said.balance, said.withdrawn_on, said.withdrawn_because
FROM dunning_items said
JOIN items ON items.item_id = said.item_id
JOIN charges ON charges.charge_id = said.charge_id
WHERE said.dunning_id = :dunning_id AND {visible("money", "said.customer_key")}
ORDER BY said.due_on, charges.ref, items.number
"""

DUNNING_HOLDS = f"""
SELECT held.complaint_id, held.system, held.ref, charges.charge_id AS receivable_id,
    held.opened_on, held.closed_on
FROM dunning_holds held
LEFT JOIN charges ON charges.system = held.system AND charges.ref = held.ref
WHERE {visible("money", "held.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR held.customer_key = {SAME_CUSTOMER})
"""

DUNNING_EXCLUSIONS = f"""
SELECT exclusion_id, customer_key, from_on, until_on, reason, excluded_by, ended_by, version
FROM dunning_exclusions left_alone
WHERE {visible("money", "left_alone.customer_key")}
    AND (CAST(:exclusion_id AS uuid) IS NULL OR exclusion_id = :exclusion_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
"""

COMPENSATIONS = f"""
SELECT compensation_id, complaint_id, customer_key, charge_id AS receivable_id, amount, decided_on,
    refused_because
FROM compensations c
WHERE {visible("money", "c.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
"""
