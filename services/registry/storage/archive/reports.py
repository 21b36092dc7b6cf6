"""What callers read of archives beside their content: covers, lists, registers; behind scope."""

from __future__ import annotations

from services.registry.storage.archive.freshness import DUE
from shared.directory.grants import visible

COVER = f"""
SELECT d.*, c.name, c.customer_id, a.version,
       CASE WHEN d.months IS NULL THEN 'no-rule' WHEN d.due_on < :on THEN 'overdue'
            ELSE 'current' END AS freshness
FROM ({DUE}) d JOIN archives a ON a.customer_key = d.customer_key
JOIN customers c ON c.customer_key = d.customer_key
WHERE {visible("base", "d.customer_key")}
"""
"""The file of every living customer in sight, and whether it is up to date (R-60, R-67)."""

PARTS = f"""
SELECT DISTINCT ON (v.section) v.section, v.version, v."on", v.author, v.reason, v.required,
       v.missing, v.recorded_at,
       (SELECT max(k."on") FROM archive_confirmations k
        WHERE k.customer_key = v.customer_key AND k.section = v.section
            AND k.version = v.version) AS confirmed_on
FROM archive_versions v
WHERE v.customer_key = :key AND v.section = ANY(:sections)
    AND {visible("base", "v.customer_key")}
ORDER BY v.section, v.version DESC
"""
"""The newest version of each part of one archive, without its content."""

VERSIONS = f"""
SELECT v.version, v."on", v.author, v.reason, v.required, v.missing, v.recorded_at
FROM archive_versions v
WHERE v.customer_key = :key AND v.section = :section AND v.item = :item
    AND {visible("base", "v.customer_key")}
"""
"""Every version of one place, without its content."""

ERASURES = f"""
SELECT e.erasure_id, e.section, e.item, e.erased, e.legal_basis, e.document_reference, e."on",
       e.erased_by, e.policy_version, e.recorded_at
FROM archive_erasures e
WHERE e.customer_key = :key AND {visible("base", "e.customer_key")}
"""

CUSTODIANS = f"""
SELECT k.version, k.custodian, k."on", k.reason, k.appointed_by, k.recorded_at
FROM archive_custodians k
WHERE k.customer_key = :key AND {visible("base", "k.customer_key")}
"""

REQUESTS = f"""
SELECT r.request_id, r.customer_key, r.sections, r.purpose, r.requested_by, r.requested_unit,
       r.requested_on, r.until_on, r.state, r.decided_by, r.decided_on, r.policy_version,
       r.version, r.state = 'granted' AND r.until_on < :today AS is_expired
FROM archive_requests r
WHERE {visible("base", "r.customer_key")}
"""
"""Requests to read archives of customers in sight (R-70)."""

LOG = f"""
SELECT e.*, c.position
FROM archive_audit e LEFT JOIN archive_audit_chain c USING (entry_id)
WHERE (e.customer_key IS NULL OR {visible("base", "e.customer_key")})
    AND (CAST(:key AS uuid) IS NULL OR e.customer_key = :key)
    AND (CAST(:staff AS text) IS NULL OR e.staff_code = :staff)
    AND (CAST(:action AS text) IS NULL OR e.action = :action)
    AND (CAST(:from_on AS date) IS NULL
         OR e.recorded_at >= CAST(:from_on AS timestamp) AT TIME ZONE :zone)
    AND (CAST(:to_on AS date) IS NULL
         OR e.recorded_at < (CAST(:to_on AS date) + 1)::timestamp AT TIME ZONE :zone)
"""
"""The log of archives, as far as the auditor sees the customers (X-08)."""

ASSETS = f"""
SELECT t.asset_id, t.customer_key, t.kind, t.label, t.keeper, t.state, t.version,
       (SELECT l.borrower FROM archive_loans l
        WHERE l.asset_id = t.asset_id AND l.state = 'lent') AS borrower
FROM archive_assets t
WHERE {visible("base", "t.customer_key")}
"""
"""Originals and summaries of customers in sight, who keeps and who has them (R-71)."""

ASSET_STEPS = f"""
SELECT t.version, t.keeper, t.state, t."on", t.by, t.reason, t.recorded_at
FROM archive_asset_steps t
WHERE t.asset_id = :id AND {visible("base", "t.customer_key")}
"""

LOANS = f"""
SELECT l.loan_id, l.asset_id, l.customer_key, t.label, t.keeper, l.borrower, l.purpose,
       l.requested_on, l.due_on, l.state, l.version, l.policy_version,
       l.state = 'lent' AND l.due_on < :today AS is_overdue
FROM archive_loans l JOIN archive_assets t ON t.asset_id = l.asset_id
WHERE {visible("base", "l.customer_key")}
"""
"""The lending register (R-72)."""

LOAN_STEPS = f"""
SELECT s.step, s."on", s.by, s.note, s.recorded_at FROM archive_loan_steps s
WHERE s.loan_id = :id AND {visible("base", "s.customer_key")}
ORDER BY s.version, s.recorded_at, s."on"
"""

JOURNAL = f"""
SELECT v.item, v."on" AS occurred_on FROM archive_versions v
WHERE v.customer_key = :key AND v.section = 'journal' AND v.version = 1
    AND (CAST(:kind AS text) IS NULL OR v.reason = :kind)
    AND {visible("base", "v.customer_key")}
"""
"""Which dealings are recorded, without what they say (R-65)."""

VISITS = f"""
SELECT p.visit_id, p.unit, p.visited_on FROM visit_places p
WHERE p.customer_key = :key AND {visible("base", "p.customer_key")}
"""
"""Visits and inspections as far as registry knows them (X-01)."""

QUALITY = f"""
SELECT owner_unit AS unit, units.name, count(*) AS archives, count(custodian) AS with_custodian,
       sum(required) AS required, sum(filled) AS filled, sum(written) AS written,
       sum(confirmed) AS confirmed
FROM (
    SELECT a.customer_key,
           (SELECT k.staff_code FROM kit.staff k
            WHERE k.staff_code = a.custodian AND k.state = 'active') AS custodian,
           (SELECT owner_unit FROM ownerships o WHERE o.customer_key = a.customer_key
                AND o.effective_on <= :today ORDER BY o.version DESC LIMIT 1) AS owner_unit,
           parts.required, parts.filled, parts.written, parts.confirmed
    FROM archives a JOIN customers c ON c.customer_key = a.customer_key
    CROSS JOIN LATERAL (
        SELECT sum(coalesce(newest.required, asked.required)) AS required,
               sum(coalesce(newest.required - cardinality(newest.missing), 0)) AS filled,
               count(newest.version) AS written,
               count(*) FILTER (WHERE newest.is_confirmed) AS confirmed
        FROM unnest(CAST(:sections AS text[]), CAST(:required AS integer[]))
            AS asked (section, required)
        LEFT JOIN LATERAL (
            SELECT v.version, v.required, v.missing, EXISTS (
                SELECT FROM archive_confirmations k WHERE k.customer_key = v.customer_key
                    AND k.section = v.section AND k.version = v.version) AS is_confirmed
            FROM archive_versions v
            WHERE v.customer_key = a.customer_key AND v.section = asked.section AND v.item = ''
            ORDER BY v.version DESC LIMIT 1
        ) newest ON true
    ) parts
    WHERE c.closed_on IS NULL AND {visible("base", "a.customer_key")}
) measured JOIN kit.units units ON units.unit = measured.owner_unit
GROUP BY owner_unit, units.name
"""
"""Custody, completeness and confirmation of archives per owner unit in sight (R-69).

A custodian who left keeps nothing: the archive counts as one without.
"""

SUMMARIES = f"""
SELECT t.asset_id, t.label, f.customer_key, f.customer_id, f.name, c.industry, c.division_code,
       (SELECT owner_unit FROM ownerships o WHERE o.customer_key = c.customer_key
            AND o.effective_on <= :on ORDER BY o.version DESC LIMIT 1) AS owner_unit,
       m.a_staff_code, m.b_staff_code, f.custodian, f.updated_on, f.due_on, f.freshness,
       (SELECT max(p.visited_on) FROM visit_places p
        WHERE p.customer_key = c.customer_key) AS last_visited_on,
       (SELECT count(*) FROM contracts k WHERE k.customer_key = c.customer_key
            AND k.signed_on <= :on AND coalesce(k.valid_until_on, :on) >= :on) AS contracts,
       (SELECT count(*) FROM archive_assets o
        WHERE o.customer_key = c.customer_key AND o.kind = 'original') AS originals,
       (SELECT count(*) FROM archive_loans l
        WHERE l.customer_key = c.customer_key AND l.state = 'lent') AS lent
FROM archive_assets t JOIN ({COVER}) f ON f.customer_key = t.customer_key
JOIN customers c ON c.customer_key = t.customer_key
LEFT JOIN managers m ON m.customer_key = t.customer_key
WHERE t.kind = 'summary' AND t.state = 'intact' AND t.keeper = :keeper
"""
"""The summary lists that somebody was given, a line for each customer (R-71)."""
