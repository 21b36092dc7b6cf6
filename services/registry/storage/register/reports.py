"""What callers read about the register: moves, flags, numbers running short, waiting leads."""

from __future__ import annotations

from shared.directory.grants import visible

MOVES = f"""
SELECT m.version, m.from_division, m.to_division, m."on", m.moved_by, m.reason, m.recorded_at
FROM customer_moves m WHERE m.customer_key = :key AND {visible("base", "m.customer_key")}
ORDER BY m.version
"""

ISSUED_UNDER = f"""
SELECT i.customer_id, i.division_code, i.issued_on FROM issued_under i
WHERE i.customer_key = :key AND {visible("base", "i.customer_key")}
"""

FLAGS = f"""
SELECT f.flag_id, f.customer_key, c.name, f.field, f.finding, f.said, f.kept, f.system, f.ref,
       f.recorded_at, r.outcome, r.value, r.reason, r."on", r.resolved_by
FROM quality_flags f JOIN customers c USING (customer_key)
LEFT JOIN flag_resolutions r ON r.flag_id = f.flag_id
WHERE {visible("base", "f.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR f.customer_key = :customer_key)
    AND (CAST(:field AS text) IS NULL OR f.field = :field)
    AND (CAST(:finding AS text) IS NULL OR f.finding = :finding)
    AND (CAST(:is_open AS boolean) IS NULL OR (r.flag_id IS NULL) = :is_open)
"""
"""Flags of customers in sight with how they were resolved (X-11)."""

NUMBERS = """
SELECT * FROM (
    SELECT division_code AS below, 'customer' AS layer, last_number,
           last_number >= :customers_from AS runs_short FROM division_sequences
    UNION ALL SELECT head_office_id, 'branch', last_number, last_number >= :branches_from
    FROM branch_sequences
) used WHERE last_number > 0 AND (CAST(:is_short AS boolean) IS NULL OR runs_short = :is_short)
"""
"""The highest number given out in every division and below every head office (C17)."""

LATE_LEADS = f"""
SELECT * FROM (
    SELECT 'observation' AS lead, seen.system, seen.code, seen.name, seen.division_code,
           seen.unified_credit_code, seen.industry,
           CASE WHEN 'phone' = ANY (seen.sealed_fields) THEN 'known' ELSE seen.phone END AS phone,
           CASE WHEN 'address' = ANY (seen.sealed_fields) THEN 'known' ELSE seen.address END
               AS address, seen.observed_at,
           CAST(NULL AS uuid) AS declaration_id, CAST(NULL AS uuid) AS customer_key,
           CAST(NULL AS text) AS reporting_branch
    FROM observations seen
    WHERE seen.observed_at <= :before
        AND NOT EXISTS (SELECT FROM customer_codes held
                        WHERE held.system = seen.system AND held.code = seen.code)
    UNION ALL
    SELECT 'declaration', 'registry', filed.declaration_id::text, c.name, c.division_code,
           c.unified_credit_code, c.industry,
           (SELECT 'known' FROM contact_marks mark WHERE mark.customer_key = c.customer_key
                AND mark.kind = 'phone' LIMIT 1),
           (SELECT 'known' FROM contact_marks mark WHERE mark.customer_key = c.customer_key
                AND mark.kind = 'address' LIMIT 1),
           filed.declared_on::timestamp AT TIME ZONE :zone, filed.declaration_id,
           c.customer_key, filed.reporting_branch
    FROM declarations filed JOIN customers c USING (customer_key)
    WHERE filed.state = 'submitted' AND filed.reporting_branch IS NOT NULL
        AND filed.declared_on::timestamp AT TIME ZONE :zone <= :before
        AND {visible("base", "c.customer_key")}
) late
WHERE (CAST(:system AS text) IS NULL OR late.system = :system)
    AND (CAST(:division_code AS text) IS NULL OR late.division_code = :division_code)
"""
"""Seen by other systems and linked with no customer; or a branch's lead, not decided on (R-75).

Whether a phone and an address are known is all that is said of those of a lead."""
