"""What callers read of what was given up, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER

COMPENSATIONS = f"""
SELECT compensation_id, complaint_id, customer_key, charge_id AS receivable_id, amount, decided_on,
    refused_because
FROM compensations c
WHERE {visible("money", "c.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
"""
