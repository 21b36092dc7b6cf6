"""What callers read of hand-overs and rotations, each behind the caller's scope."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit

_NEWEST = """
SELECT DISTINCT ON (customer_key) line.* FROM handover_lines line
WHERE line.handover_id = h.handover_id ORDER BY customer_key, line.version DESC
"""

HANDOVERS = f"""
SELECT h.*, h.state = 'started' AND h.due_on < :today AS is_overdue,
       EXISTS (SELECT FROM handover_marks m WHERE m.handover_id = h.handover_id
               AND m.kind = 'documents-returned') AS are_documents_returned,
       NOT EXISTS (SELECT FROM (
           SELECT state FROM kit.staff_states s WHERE s.staff_code = h.from_staff_code
               AND s.effective_on <= :today ORDER BY version DESC LIMIT 1) at
           WHERE at.state = 'active') AS is_access_gone,
       CASE WHEN h.reason = 'departure' THEN (
           SELECT count(*) FROM archive_loans l
           WHERE l.borrower = h.from_staff_code AND l.state = 'lent') + (
           SELECT count(*) FROM archive_assets kept
           WHERE kept.keeper = h.from_staff_code AND kept.state <> 'lost') + (
           SELECT count(*) FROM archives file WHERE file.custodian = h.from_staff_code)
       ELSE 0 END AS originals_in_hand,
       array(SELECT service FROM handover_answers a WHERE a.handover_id = h.handover_id
             AND a.version = h.version ORDER BY service) AS answered,
       (SELECT count(*) FROM ({_NEWEST}) l) AS customers,
       (SELECT count(*) FROM ({_NEWEST}) l WHERE l.successor IS NULL) AS without_successor,
       (SELECT count(*) FROM ({_NEWEST}) l WHERE NOT EXISTS (
           SELECT FROM handover_marks m WHERE m.handover_id = h.handover_id
               AND m.kind = 'customer-notified' AND m.customer_key = l.customer_key))
           AS not_notified
FROM handovers h
WHERE {visible_unit("h.unit")} OR EXISTS (
    SELECT FROM handover_lines seen WHERE seen.handover_id = h.handover_id
        AND {visible("base", "seen.customer_key")})
"""

LINES = f"""
SELECT DISTINCT ON (l.customer_key) l.*, c.name, c.customer_id,
       told."on" AS notified_on, told.marked_by AS notified_by
FROM handover_lines l JOIN customers c USING (customer_key)
LEFT JOIN LATERAL (
    SELECT m."on", m.marked_by FROM handover_marks m WHERE m.handover_id = l.handover_id
        AND m.kind = 'customer-notified' AND m.customer_key = l.customer_key
    ORDER BY m.number LIMIT 1) told ON true
WHERE l.handover_id = :id AND {visible("base", "l.customer_key")}
ORDER BY l.customer_key, l.version DESC
"""

HISTORY = f"""
SELECT l.version, l.customer_key, l.successor, l.named_by, l.recorded_at FROM handover_lines l
WHERE l.handover_id = :id AND {visible("base", "l.customer_key")}
"""

ANSWERS = """
SELECT service, version, applied_on, moved, exceptions FROM handover_answers
WHERE handover_id = :id ORDER BY version, service
"""

ROTATIONS = f"""
SELECT r.*, c.name, m.a_staff_code, m.b_staff_code
FROM rotations r JOIN customers c USING (customer_key) LEFT JOIN managers m USING (customer_key)
WHERE {visible("base", "r.customer_key")}
"""

ROTATION_STEPS = f"""
SELECT s.number, s.step, s."on", s.by, s.reason FROM rotation_steps s
WHERE s.rotation_id = :id AND {visible("base", "s.customer_key")} ORDER BY s.number
"""
