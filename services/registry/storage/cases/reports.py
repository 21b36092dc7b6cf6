"""What callers read of settlements, requests and notices, and who sells beside the owner."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit

SETTLEMENTS = f"""
SELECT s.*, ARRAY(SELECT party FROM settlement_answers a
                  WHERE a.settlement_id = s.settlement_id ORDER BY party) AS accepted
FROM settlements s WHERE s.dispute_id = :id AND {visible("dispute", "s.customer_key")}
"""

POSITIONS = f"""
SELECT party AS unit,
       (SELECT count(*) FROM dispute_evidence e
        WHERE e.dispute_id = d.dispute_id AND e.kind = 'statement' AND e.unit = party)
           AS statements,
       party = ANY (d.withdrawn) AS has_withdrawn
FROM disputes d CROSS JOIN LATERAL unnest(d.parties) AS party
WHERE d.dispute_id = :id AND {visible("dispute", "d.customer_key")} ORDER BY party
"""

NOTICES = f"SELECT n.* FROM notices n WHERE {visible_unit('n.unit')}"

REQUESTS = f"""
SELECT r.request_id, r.asking_unit, r.asked_by, r.asked_on, r.purpose, r.business_line, r.state,
       r.answered_on, r.answer, r.until_on, r.version,
       CASE WHEN {visible("base", "r.customer_key")} THEN r.customer_key END AS customer_key
FROM marketing_requests r
WHERE ({visible("base", "r.customer_key")} OR {visible_unit("r.asking_unit")})
"""
"""Requests about customers in sight, and the own ones; the key only where the customer is seen."""

MULTI_SELLING = f"""
SELECT found.customer_key, c.name, owned.owner_unit, found.unit, found.visits, found.contracts,
       found.last_on,
       EXISTS (SELECT FROM marketing_requests r
               WHERE r.customer_key = found.customer_key AND r.asking_unit = found.unit
                   AND r.state = 'agreed' AND found.last_on BETWEEN r.answered_on AND r.until_on)
           AS is_agreed
FROM (
    SELECT customer_key, unit, count(*) FILTER (WHERE kind = 'visit') AS visits,
           count(*) FILTER (WHERE kind = 'contract') AS contracts, max(on_day) AS last_on
    FROM (
        SELECT customer_key, unit, 'visit' AS kind, visited_on AS on_day FROM visit_places
        UNION ALL
        SELECT customer_key, signed_at_unit, 'contract', signed_on FROM signatures
        WHERE signed_at_unit IS NOT NULL
    ) met
    WHERE on_day BETWEEN :since AND :today GROUP BY customer_key, unit
) found
JOIN customers c ON c.customer_key = found.customer_key
JOIN LATERAL (
    SELECT owner_unit FROM ownerships held
    WHERE held.customer_key = found.customer_key AND held.effective_on <= :today
    ORDER BY version DESC LIMIT 1
) owned ON true
WHERE {visible("base", "found.customer_key")}
    AND NOT EXISTS (
        SELECT FROM kit.unit_closure covers
        CROSS JOIN LATERAL unnest(ARRAY[owned.owner_unit] || c.joint_units) AS responsible
        WHERE (covers.ancestor, covers.unit) IN
            ((found.unit, responsible), (responsible, found.unit))
    )
"""
"""Customers visited or signed with by units other than those responsible (R-46)."""
