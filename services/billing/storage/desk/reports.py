"""What callers read of what was done at the desk, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible

DIRECTIVES = f"""
SELECT d.directive_id, d.payment_id, d.kind, d.charge_id AS receivable_id, d.instalment, d.amount,
    d.set_on, d.staff_code AS set_by, d.reason, ended.set_on AS released_on,
    ended.staff_code AS released_by, ended.reason AS release_reason,
    coalesce(ended.version, d.version) AS version
FROM payment_directives d
LEFT JOIN payment_directives ended
    ON ended.directive_id = d.directive_id AND ended.version = 2
WHERE d.version = 1 AND d.payment_id = :payment_id AND {visible("money", "d.customer_key")}
    AND (CAST(:directive_id AS uuid) IS NULL OR d.directive_id = :directive_id)
ORDER BY d.directive_id
"""

RETURNS = f"""
SELECT back.return_id, back.system, back.ref, back.amount, back.returned_on,
    asked.request_id AS refund_id, coalesce(told.staff_code, asked.staff_code) AS told_by,
    coalesce(told.reason, asked.reason) AS reason, back.recorded_at
FROM payment_returns back
LEFT JOIN bounced_payments told ON told.return_id = back.return_id
LEFT JOIN money_requests asked ON asked.request_id = back.return_id AND asked.version = 1
WHERE back.payment_id = :payment_id AND {visible("money", "back.customer_key")}
ORDER BY back.returned_on, back.recorded_at, back.ref
"""
"""What went back of a payment: told by its system, by a person, or as a refund."""

RECEIPTS = f"""
SELECT p.company_account, p.received_on AS day, count(*) FILTER (WHERE p.is_in) AS payments,
    coalesce(sum(p.amount) FILTER (WHERE p.is_in), 0) AS received,
    coalesce(sum(p.amount) FILTER (WHERE NOT p.is_in), 0) AS returned,
    sum(CASE WHEN p.is_in THEN p.amount ELSE -p.amount END) AS net
FROM (
    SELECT company_account, received_on, amount, true AS is_in, customer_key FROM payments
    WHERE fund = 'bank'
    UNION ALL
    SELECT coalesce(asked.details ->> 'from_account', payments.company_account), returned_on,
        back.amount, false, back.customer_key
    FROM payment_returns back JOIN payments USING (payment_id)
    LEFT JOIN money_requests asked ON asked.request_id = back.return_id AND asked.version = 1
    WHERE fund = 'bank' OR asked.request_id IS NOT NULL
) p
WHERE {visible("money", "p.customer_key")} AND p.received_on BETWEEN :from_on AND :until_on
    AND (CAST(:company_account AS text) IS NULL OR p.company_account = :company_account)
GROUP BY p.company_account, p.received_on
"""
"""What came into each company account, and went out of it, day by day (B-17)."""
