"""What callers read of types, bases, delegations and routings, behind the caller's scope."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit

TYPES = f"""
SELECT t.* FROM customer_types t
WHERE t.customer_key = :key AND {visible("base", "t.customer_key")} ORDER BY t.sequence
"""

BASES = f"""
SELECT b.* FROM base_agreements b
WHERE b.customer_key = :key AND {visible("base", "b.customer_key")} ORDER BY b.sequence
"""

ROUTINGS = f"""
SELECT r.* FROM routings r
WHERE r.customer_key = :key AND {visible("base", "r.customer_key")} ORDER BY r.sequence
"""

SHARING_TERMS = "SELECT t.* FROM sharing_terms t"
"""They hold for everybody and say nothing of any customer."""

DELEGATIONS = f"""
SELECT d.*, least(d.until_on, d.revoked_on - 1) AS last_on,
       d.from_on <= :today AND :today <= least(d.until_on, d.revoked_on - 1) AS is_in_force
FROM delegations d WHERE {visible_unit("d.to_unit")}
"""
"""Authority lent to the caller's unit or one below it (R-42)."""

ENDING = f"""
SELECT * FROM ({DELEGATIONS}) lent WHERE last_on BETWEEN :today AND :until
"""
