"""What callers read of recognitions and governments.

Figures only with the money in sight, analyses of value only with the archive.
"""

from __future__ import annotations

from shared.directory.grants import visible

_FIGURES = visible("money", "r.customer_key")
_WORTH = visible("archive", "g.customer_key")

RECOGNITIONS = f"""
SELECT r.customer_key, r.sequence, r.decided_on, r.is_recognised, r.route, r.kind, r.held_by,
       r.routes, r.inputs, CASE WHEN {_FIGURES} THEN r.figures END AS figures,
       r.policy_version, r.decided_by, r.recorded_at
FROM recognitions r
WHERE r.customer_key = :key AND {visible("base", "r.customer_key")}
"""

LAST = f"""
SELECT c.customer_key, c.name, c.kind, r.sequence, r.decided_on, r.is_recognised, r.route
FROM customers c
LEFT JOIN LATERAL (
    SELECT * FROM recognitions held WHERE held.customer_key = c.customer_key
    ORDER BY held.sequence DESC LIMIT 1
) r ON true
WHERE c.closed_on IS NULL AND {visible("base", "c.customer_key")}
"""
"""Living customers in sight with the last decision about each, if there is one."""

PROFILES = f"""
SELECT g.customer_key, g.version, g.body_type,
       CASE WHEN {_WORTH} THEN g.analysis END AS analysis,
       CASE WHEN {_WORTH} THEN g.current_value END AS current_value,
       CASE WHEN {_WORTH} THEN g.potential_value END AS potential_value,
       g.analysed_on, g.analysed_by, g.policy_version, g.recorded_at
FROM government_profiles g
WHERE g.customer_key = :key AND {visible("base", "g.customer_key")}
"""

BODIES = f"""
SELECT last.body_type, count(*) AS customers,
       sum(last.current_value) FILTER (WHERE {visible("archive", "last.customer_key")})
           AS current_value,
       sum(last.potential_value) FILTER (WHERE {visible("archive", "last.customer_key")})
           AS potential_value
FROM (
    SELECT DISTINCT ON (g.customer_key) g.* FROM government_profiles g
    JOIN customers c ON c.customer_key = g.customer_key AND c.closed_on IS NULL
    WHERE {visible("base", "g.customer_key")}
    ORDER BY g.customer_key, g.version DESC
) last
GROUP BY last.body_type
"""
"""Living government customers in sight by type of body."""
