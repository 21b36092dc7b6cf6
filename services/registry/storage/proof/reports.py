"""What callers read about declarations, documents, credit problems and changes, within scope."""

from __future__ import annotations

from shared.directory.grants import visible

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
