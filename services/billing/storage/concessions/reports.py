"""What callers read of what was given up, within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER

COMPENSATIONS = f"""
SELECT compensation_id, complaint_id, customer_key, charge_id AS receivable_id, amount, decided_on,
    refused_because, charge_left, compensated_before
FROM compensations c
WHERE {visible("money", "c.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
"""

_IN_SIGHT = f"""({visible("money", "d.customer_key")}
    OR d.specialty_unit IN (SELECT unit FROM kit.units_in_sight))"""

DISCOUNTS = f"""
SELECT discount_id, customer_key, business_line, rate::text AS rate, from_on, until_on, reason,
    specialty_unit, applied_by_unit, scheme, tier, ceiling::text AS ceiling, policy_version, state,
    steps_taken, version
FROM discounts d
WHERE {_IN_SIGHT}
    AND (CAST(:discount_id AS uuid) IS NULL OR discount_id = :discount_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:state AS text) IS NULL OR state = :state)
"""

DISCOUNT_STEPS = f"""
SELECT steps.version, steps.step, steps.state, steps.staff_code, steps.unit, steps."on",
    steps.reason, steps.tier, steps.ceiling::text AS ceiling, steps.recorded_at
FROM discount_steps steps JOIN discounts d ON d.discount_id = steps.discount_id
WHERE steps.discount_id = :discount_id AND {_IN_SIGHT}
ORDER BY steps.version
"""

GRANTED_DISCOUNTS = f"""
SELECT charge_id AS receivable_id, system, ref, issued_on, gross, cancelled, granted.amount
FROM charges c JOIN LATERAL (
    SELECT sum(amount) AS amount FROM granted_discounts g
    WHERE g.charge_id = c.charge_id AND g.discount_id = :discount_id) granted
    ON granted.amount <> 0
WHERE charge_id IN (SELECT charge_id FROM granted_discounts WHERE discount_id = :discount_id)
    AND {visible("money", "c.customer_key")}
"""
