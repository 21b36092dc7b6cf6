"""What callers read of deposits and purchase agreements, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER

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
