"""What callers read of corrections, refunds and write-offs, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit
from shared.directory.identities import SAME_CUSTOMER

REQUESTS = f"""
SELECT r.request_id, r.customer_key, r.subject_id, r.amount, r.details, r.state,
    first.staff_code AS applied_by, first.decided_on AS applied_on, first.reason,
    CASE WHEN r.version > 1 THEN r.staff_code END AS decided_by,
    CASE WHEN r.version > 1 THEN r.decided_on END AS decided_on, r.policy_version, r.version
FROM money_requests r
JOIN money_requests first ON first.request_id = r.request_id AND first.version = 1
WHERE {visible("money", "r.customer_key")} AND r.kind = :kind AND NOT EXISTS (
        SELECT FROM money_requests later
        WHERE later.request_id = r.request_id AND later.version > r.version)
    AND (CAST(:request_id AS uuid) IS NULL OR r.request_id = :request_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR r.customer_key = {SAME_CUSTOMER})
    AND (CAST(:subject_id AS uuid) IS NULL OR r.subject_id = :subject_id)
    AND (CAST(:state AS text) IS NULL OR r.state = :state)
"""

STEPS = f"""
SELECT version, state, amount, decided_on AS on, staff_code, reason, policy_version, recorded_at
FROM money_requests r
WHERE request_id = :request_id AND {visible("money", "r.customer_key")} ORDER BY version
"""

GIVEN_UP = f"""
SELECT items.charge_id, sum(own.amount) AS written_off,
    -coalesce(sum(own.amount) FILTER (WHERE own.amount < 0), 0) AS recovered
FROM write_off_entries own JOIN items USING (item_id)
WHERE items.charge_id = ANY(:charge_ids) AND {visible("money", "own.customer_key")}
GROUP BY items.charge_id
"""

DOUBTFUL = f"""
SELECT c.charge_id AS receivable_id, c.customer_key, c.system, c.ref, c.business_line,
    c.tariff_class, owed.oldest_due_on, CAST(:on AS date) - owed.oldest_due_on AS days_overdue,
    owed.balance, asked.request_id AS write_off_id, asked.state AS write_off_state
FROM (
    SELECT charge_id, min(due_on) FILTER (WHERE fee_of IS NULL) AS oldest_due_on,
        sum(amount - paid) AS balance
    FROM items WHERE paid < amount GROUP BY charge_id
) owed
JOIN charges c ON c.charge_id = owed.charge_id
LEFT JOIN LATERAL (
    SELECT request_id, state FROM money_requests r
    WHERE r.subject_id = c.charge_id AND r.kind = 'write_off'
    ORDER BY recorded_at DESC, version DESC LIMIT 1
) asked ON true
WHERE {visible("money", "c.customer_key")}
    AND owed.oldest_due_on < CAST(:on AS date) - CAST(:after_days AS int)
    AND (CAST(:customer_key AS uuid) IS NULL OR c.customer_key = {SAME_CUSTOMER})
"""
"""Receivables so long overdue that they count as doubtful, as they stand."""

BATCHES = f"""
SELECT step.batch_id, step.unit, step.rule, step.charges, step.total, step.largest, step.state,
    CAST(first.inputs ->> 'customers' AS integer) AS customers, first.reason,
    first.staff_code AS applied_by, first.decided_on AS applied_on,
    CASE WHEN step.version > 1 THEN step.staff_code END AS decided_by,
    CASE WHEN step.version > 1 THEN step.decided_on END AS decided_on,
    step.policy_version, step.version
FROM correction_batches step
JOIN correction_batches first ON first.batch_id = step.batch_id AND first.version = 1
WHERE {visible_unit("step.unit")} AND NOT EXISTS (
        SELECT FROM correction_batches later
        WHERE later.batch_id = step.batch_id AND later.version > step.version)
    AND (CAST(:batch_id AS uuid) IS NULL OR step.batch_id = :batch_id)
    AND (CAST(:state AS text) IS NULL OR step.state = :state)
"""

BATCH_CHARGES = f"""
SELECT chosen.charge_id AS receivable_id, chosen.customer_key,
    chosen.request_id AS correction_id, chosen.amount, done.state, done.reason
FROM correction_batch_charges chosen
LEFT JOIN money_requests done ON done.request_id = chosen.request_id AND done.version = 2
WHERE chosen.batch_id = :batch_id AND {visible("money", "chosen.customer_key")}
"""

BATCH_PROGRESS = f"""
SELECT count(*) FILTER (WHERE state = 'approved') AS posted,
    count(*) FILTER (WHERE state = 'refused') AS refused,
    count(*) FILTER (WHERE state IS NULL) AS "left"
FROM ({BATCH_CHARGES}) chosen
"""
"""What became of the charges of a batch, as far as they are in sight."""
