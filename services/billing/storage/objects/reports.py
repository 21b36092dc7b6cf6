"""What callers read of deposits and purchase agreements, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER, present

DEPOSITS = f"""
SELECT deposit_id, chain_id, customer_key, object_code, kind, state, amount, chain_amount, price,
    chain_amount - excess_amount AS effective_amount, excess_amount, taken_on, valid_until_on,
    contract_due_on, contract_overdue_on, preliminary_id, upgraded_to, agreement_id, settled_on,
    settled_amount, policy_version, version
FROM deposits d
WHERE {visible("money", "d.customer_key")}
    AND (CAST(:deposit_id AS uuid) IS NULL OR deposit_id = :deposit_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:object_code AS text) IS NULL OR object_code = :object_code)
    AND (CAST(:state AS text) IS NULL OR state = :state)
    AND (CAST(:is_contract_overdue AS boolean) IS NULL
        OR (contract_overdue_on IS NOT NULL) = :is_contract_overdue)
"""

DEPOSIT_CHANGES = f"""
SELECT changes.version, changes.state, changes."on", staff_code, reason, recorded_at
FROM deposit_changes changes JOIN deposits d ON d.deposit_id = changes.deposit_id
WHERE changes.deposit_id = :deposit_id AND {visible("money", "d.customer_key")}
ORDER BY changes.version
"""

# Of what is set off against it, or waits for that.
_DEPOSIT_EXCESS = f"""
SELECT sum(excess_amount) FROM deposits d
WHERE a.state <> 'cancelled' AND (d.agreement_id = a.agreement_id
    OR d.object_code = a.object_code AND d.state = 'taken'
        AND {present("d.customer_key")} = {present("a.customer_key")})
"""

AGREEMENTS = f"""
SELECT agreement_id, number, object_code, customer_key, charge_id AS receivable_id, price,
    signed_on, signed_at_unit, staff_code, state, preliminary_id, authority, registration_number,
    CASE WHEN state = 'registered' THEN settled_on END AS registered_on,
    CASE WHEN state = 'cancelled' THEN settled_on END AS cancelled_on, settled_by, is_recognised,
    ({_DEPOSIT_EXCESS}) AS deposit_excess_amount, version
FROM agreements a
WHERE {visible("money", "a.customer_key")}
    AND (CAST(:agreement_id AS uuid) IS NULL OR agreement_id = :agreement_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:object_code AS text) IS NULL OR object_code = :object_code)
    AND (CAST(:state AS text) IS NULL OR state = :state)
"""

AGREEMENT_CHANGES = f"""
SELECT changes.version, changes.state, changes."on", changes.staff_code, reason, changes.recorded_at
FROM agreement_changes changes JOIN agreements a ON a.agreement_id = changes.agreement_id
WHERE changes.agreement_id = :agreement_id AND {visible("money", "a.customer_key")}
ORDER BY changes.version
"""

PRELIMINARY_AGREEMENTS = f"""
SELECT preliminary_id, number, object_code, customer_key, price, drawn_up_on, staff_code, state,
    coalesce((SELECT jsonb_agg(jsonb_build_object('party', party, 'staff_code', s.staff_code,
            'signed_on', signed_on, 'signatory', signatory, 'authority', authority)
            ORDER BY s.recorded_at, party)
        FROM preliminary_signatures s WHERE s.preliminary_id = p.preliminary_id), '[]')
        AS signatures,
    version
FROM preliminary_agreements p
WHERE {visible("money", "p.customer_key")}
    AND (CAST(:preliminary_id AS uuid) IS NULL OR preliminary_id = :preliminary_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:object_code AS text) IS NULL OR object_code = :object_code)
    AND (CAST(:state AS text) IS NULL OR state = :state)
"""

PRELIMINARY_CHANGES = f"""
SELECT changes.version, changes.state, changes.staff_code, reason, changes.recorded_at
FROM preliminary_changes changes
JOIN preliminary_agreements p ON p.preliminary_id = changes.preliminary_id
WHERE changes.preliminary_id = :preliminary_id AND {visible("money", "p.customer_key")}
ORDER BY changes.version
"""
