"""What callers read of conduct: cases but the own, interests, and what they touch."""

from __future__ import annotations

from services.registry.storage.conduct.interests import CONCERNS
from services.registry.storage.reports import OWNED_BY
from shared.directory.grants import visible, visible_unit

CASES = f"""
SELECT m.case_id, m.subject_staff_code, m.subject_unit, m.kind, m.occurred_on, m.reported_on,
       m.customer_key, m.state, m.grade, m.penalties, m.version
FROM misuse_cases m
WHERE m.subject_staff_code <> :me AND {visible_unit("m.subject_unit")}
"""
"""Cases about others at the own unit and below it; nobody reads the own case."""

STEPS = f"""
SELECT s.version, s.state, s."on", s.by, s.note, s.grade, s.penalties, s.policy_version,
       s.recorded_at
FROM misuse_steps s JOIN misuse_cases m USING (case_id)
WHERE s.case_id = :id AND m.subject_staff_code <> :me AND {visible_unit("m.subject_unit")}
"""

REPORTED_BY_ME = """
SELECT m.case_id, m.kind, m.occurred_on, m.reported_on, m.state
FROM misuse_cases m JOIN misuse_reporters r USING (case_id)
WHERE r.mark = ANY(:marks)
"""
"""How far the own reports have come, without what came out."""

INTERESTS = f"""
SELECT i.interest_id, i.staff_code, i.unit, i.kind, i.party_name, i.unified_credit_code,
       i.customer_key, i.statement, i.from_on, ended.until_on, i.declared_on, i.declared_by
FROM interests i LEFT JOIN interest_endings ended USING (interest_id)
WHERE {visible_unit("i.unit")}
"""

TOUCHED = f"""
SELECT i.interest_id, i.staff_code, i.kind, c.customer_key, c.name, relations.relation,
       i.from_on, {OWNED_BY} AS owner_unit
FROM interests i
LEFT JOIN interest_endings ended USING (interest_id)
JOIN customers c ON c.closed_on IS NULL AND {CONCERNS}
LEFT JOIN managers m ON m.customer_key = c.customer_key
LEFT JOIN LATERAL (
    SELECT duty.unit FROM staff_states duty
    WHERE duty.staff_code = i.staff_code AND duty.effective_on <= :today
    ORDER BY duty.version DESC LIMIT 1
) works ON true
CROSS JOIN LATERAL (
    SELECT 'manager-a' AS relation WHERE m.a_staff_code = i.staff_code
    UNION ALL SELECT 'manager-b' WHERE m.b_staff_code = i.staff_code
    UNION ALL SELECT 'owner-unit' WHERE works.unit = {OWNED_BY}
) relations
WHERE i.from_on <= :today AND (ended.until_on IS NULL OR ended.until_on >= :today)
    AND {visible_unit("i.unit")} AND {visible("base", "c.customer_key")}
"""
"""Living customers in whom somebody has an interest that looks after them, or whose unit does."""
