"""What callers read about declarations, documents, credit problems and changes, within scope."""

from __future__ import annotations

from services.registry.storage.reports import OWNED_BY
from shared.directory.grants import visible, visible_unit

PROPOSALS = f"""
SELECT p.declaration_id, p.sequence, p.development_unit, p.joint_units, p.proposed_by,
       p.proposed_on, p.reason, p.recorded_at
FROM developer_proposals p
WHERE p.declaration_id = :id AND {visible("base", "p.customer_key")}
"""

DOCUMENTS = f"""
SELECT d.document_id, d.customer_key, d.kind, d.number_ends, d.issued_on, d.valid_until_on,
       d.inspected_on, d.digest, d.kept_at, d.registered_by, d.registered_on, d.recorded_at
FROM documents d
WHERE d.customer_key = :key AND {visible("base", "d.customer_key")}
"""

WAIVERS = f"""
SELECT w.kind AS document, w.waived_by, w.waived_on, w.reason, w.policy_version
FROM document_waivers w
WHERE w.declaration_id = :id AND {visible("base", "w.customer_key")} ORDER BY w.kind
"""

CREDIT_PROBLEMS = f"""
SELECT p.problem_id, p.customer_key, c.customer_id, c.name, p.reason, p.raised_by,
       p.raised_at_unit, p.raised_on, p.reported_to, p.noted_by, p.noted_on, p.lifted_by,
       p.lifted_on, p.lifted_for, p.version,
       CASE WHEN p.lifted_on IS NOT NULL THEN 'lifted' WHEN p.noted_on IS NOT NULL THEN 'noted'
            ELSE 'reported' END AS state
FROM credit_problems p JOIN customers c USING (customer_key)
WHERE {visible("base", "p.customer_key")}
"""

REPORTED_HERE = f"{visible_unit('p.reported_to')}"
"""Of the credit problems `p`: reported to the caller's own unit, or to one below it."""

CHANGES = f"""
SELECT a.*, c.name, c.customer_id
FROM change_applications a JOIN customers c USING (customer_key)
WHERE {visible("base", "a.customer_key")}
"""

FORMER_NAMES = f"""
SELECT f.version, f.name, f.unified_credit_code, f.until_on, f.application_id
FROM former_names f
WHERE f.customer_key = :key AND {visible("base", "f.customer_key")}
"""

PAUSES = f"""
SELECT p.application_id, p.from_on, p.until_on FROM service_pauses p
WHERE p.customer_key = :key AND {visible("base", "p.customer_key")}
"""

WITHOUT_CONTRACT = f"""
SELECT lacking.customer_key, lacking.customer_id, lacking.name, lacking.owner_unit,
       array_agg(lacking.demanded ORDER BY lacking.place) AS lacking
FROM (
    SELECT c.customer_key, c.customer_id, c.name, {OWNED_BY} AS owner_unit,
           rule.value ->> 'kind' AS demanded, rule.place
    FROM customers c
    JOIN jsonb_array_elements(CAST(:rules AS jsonb)) WITH ORDINALITY AS rule (value, place)
        ON (jsonb_array_length(rule.value -> 'customer_kinds') = 0
            OR rule.value -> 'customer_kinds' ? c.kind)
        AND (jsonb_array_length(rule.value -> 'industries')
             + jsonb_array_length(rule.value -> 'traits') = 0
            OR EXISTS (SELECT FROM jsonb_array_elements_text(rule.value -> 'traits') AS trait
                       WHERE trait = ANY (c.traits))
            OR EXISTS (SELECT FROM jsonb_array_elements_text(rule.value -> 'industries') AS word
                       WHERE strpos(c.industry, word) > 0))
    WHERE c.customer_id IS NOT NULL AND c.closed_on IS NULL
        AND {visible("base", "c.customer_key")}
        AND NOT EXISTS (
            SELECT FROM contracts held WHERE held.customer_key = c.customer_key
                AND held.kind = rule.value ->> 'kind' AND held.signed_on <= :today
                AND (held.valid_until_on IS NULL OR held.valid_until_on >= :today))
) lacking
GROUP BY lacking.customer_key, lacking.customer_id, lacking.name, lacking.owner_unit
"""
"""Registered customers in sight without a contract in force of a kind that :rules demand (R-30)."""
