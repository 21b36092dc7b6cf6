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
