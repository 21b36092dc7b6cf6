"""What callers read: rows as they are shown, each behind the caller's scope."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit

OWNED_BY = """
(SELECT owner_unit FROM ownerships owned WHERE owned.customer_key = c.customer_key
    AND owned.effective_on <= :today ORDER BY owned.version DESC LIMIT 1)
"""
"""The unit that owns the customer `c` on the business day :today."""

STATE = """
CASE WHEN c.closed_on IS NOT NULL THEN 'closed' WHEN c.suspended_on IS NOT NULL THEN 'suspended'
     WHEN c.customer_id IS NOT NULL THEN 'registered'
     WHEN c.approved_on IS NOT NULL THEN 'approved' ELSE 'declared' END
"""

MERGED_INTO = """
(SELECT root FROM kit.identities known WHERE known.customer_key = c.customer_key
    AND known.root <> known.customer_key)
"""
"""The customer that `c` is part of by now; NULL while it is itself (R-81)."""


def _recognition(column: str) -> str:
    """SQL: what the last decision says on whether the customer `c` is a key account (R-15)."""
    return (
        f"(SELECT {column} FROM recognitions decided"
        " WHERE decided.customer_key = c.customer_key ORDER BY decided.sequence DESC LIMIT 1)"
    )


CUSTOMER = f"""
SELECT c.*, {STATE} AS state, {OWNED_BY} AS owner_unit, {MERGED_INTO} AS survivor_key,
       coalesce((SELECT jsonb_agg(jsonb_build_object('system', system, 'code', code)
                                  ORDER BY system, code)
                 FROM customer_codes held WHERE held.customer_key = c.customer_key),
                '[]'::jsonb) AS codes,
       ARRAY(SELECT finding FROM quality_flags flag WHERE flag.customer_key = c.customer_key
             AND NOT EXISTS (SELECT FROM flag_resolutions r WHERE r.flag_id = flag.flag_id)
             ORDER BY flag.recorded_at, flag.flag_id) AS flags,
       {_recognition("is_recognised")} AS is_recognised, {_recognition("route")} AS recognised_by
FROM customers c WHERE {visible("base", "c.customer_key")}
"""
"""Customers in sight, with state, owner and codes; add conditions on `c`."""

HISTORY = f"""
SELECT version, step, "on", by, reason, state, recorded_at FROM customer_changes c
WHERE c.customer_key = :key AND {visible("base", "c.customer_key")}
"""

DECLARATIONS = f"""
SELECT d.*, c.name FROM declarations d JOIN customers c USING (customer_key)
WHERE {visible("base", "d.customer_key")}
"""

CONTRACTS = f"""
SELECT c.* FROM contracts c
WHERE (CAST(:key AS uuid) IS NULL OR c.customer_key = :key) AND {visible("base", "c.customer_key")}
"""

DISPUTES = f"""
SELECT d.*, d.state = 'open' AND d.due_on < :today AS is_overdue FROM disputes d
WHERE {visible("dispute", "d.customer_key")} AND (
    EXISTS (SELECT FROM kit.units_in_sight own WHERE own.unit = ANY (d.parties || d.ruling_unit))
    OR EXISTS (SELECT FROM delegations lent JOIN kit.unit_closure covered
                   ON covered.ancestor = lent.from_unit AND covered.unit = d.ruling_unit
               WHERE {visible_unit("lent.to_unit")} AND 'rule-disputes' = ANY (lent.powers)))
"""
"""Cases of the caller's unit or one below it: as party, as judge, or in the judge's place. Whoever
was a party once sees no later case about the same customer."""

RULING = f"""
SELECT r.* FROM rulings r
WHERE r.dispute_id = :id AND {visible("dispute", "r.customer_key")}
"""

EVIDENCE = f"""
SELECT e.kind, e.source_id, e.unit, e.occurred_on, e.count, e.amount, e.statement, e.recorded_at
FROM dispute_evidence e
WHERE e.dispute_id = :id AND {visible("dispute", "e.customer_key")}
"""

OWNERSHIPS = f"""
SELECT o.* FROM ownerships o
WHERE o.customer_key = :key AND {visible("base", "o.customer_key")} ORDER BY o.version
"""

SPLITS = f"""
SELECT s.* FROM splits s
WHERE s.customer_key = :key AND {visible("base", "s.customer_key")} ORDER BY s.version
"""

MANAGERS = f"""
SELECT m.* FROM managers m WHERE m.customer_key = :key AND {visible("base", "m.customer_key")}
"""

PART_OF = f"""
SELECT whole.customer_key, whole.customer_id, whole.name
FROM customers c JOIN customers whole ON whole.customer_key = {MERGED_INTO}
WHERE c.customer_id = :customer_id AND {visible("base", "c.customer_key")}
    AND {visible("base", "whole.customer_key")}
"""
"""The customer that the one with this ID is part of by now (R-81)."""

MERGES = f"""
SELECT i.* FROM identities i WHERE {visible("base", "i.customer_key")}
"""

STAFF = f"""
SELECT DISTINCT ON (staff_code) s.staff_code, s.name, s.unit, s.roles, s.state, s.effective_on,
       s.version
FROM staff_states s
WHERE s.effective_on <= :today AND {visible_unit("s.unit")}
ORDER BY staff_code, version DESC
"""

OWNERS = f"""
SELECT owner_unit AS unit, units.name, units.level, count(*) AS customers,
       count(*) FILTER (WHERE owned.kind = 'policy') AS policy_accounts,
       count(*) FILTER (WHERE state = 'approved') AS approved,
       count(*) FILTER (WHERE state = 'registered') AS registered,
       count(*) FILTER (WHERE state = 'suspended') AS suspended,
       count(*) FILTER (WHERE is_disputed) AS disputed
FROM (
    SELECT c.kind, {STATE} AS state, {OWNED_BY} AS owner_unit,
           EXISTS (SELECT FROM disputes d WHERE d.customer_key = c.customer_key
                       AND d.state = 'open') AS is_disputed
    FROM customers c WHERE c.closed_on IS NULL AND {MERGED_INTO} IS NULL
        AND {visible("base", "c.customer_key")}
) owned JOIN kit.units units ON units.unit = owned.owner_unit
GROUP BY owner_unit, units.name, units.level
"""
"""Living key accounts per owner unit in sight (R-36)."""

LOAD = f"""
SELECT s.staff_code, s.name, s.unit,
       (SELECT count(*) FROM managers m JOIN customers c USING (customer_key)
        WHERE m.lead_staff_code = s.staff_code AND c.closed_on IS NULL
            AND {MERGED_INTO} IS NULL) AS leads,
       (SELECT count(*) FROM managers m JOIN customers c USING (customer_key)
        WHERE s.staff_code IN (m.a_staff_code, m.b_staff_code)
            AND m.lead_staff_code <> s.staff_code AND c.closed_on IS NULL
            AND {MERGED_INTO} IS NULL) AS supports
FROM ({STAFF}) s
WHERE s.state = 'active' AND 'account_manager' = ANY (s.roles)
"""
"""Key accounts that every account manager in sight leads and supports (R-10)."""
