"""What callers read of centres: heads, decisions, region classes, and who is missing."""

from __future__ import annotations

from shared.directory.grants import visible_unit

UNITS = """
SELECT u.unit, u.name, u.parent, u.level, u.kind, u.division_code, u.specialty, u.region_class,
       u.version
FROM units u
"""

_DUTY = f"""
SELECT DISTINCT ON (s.staff_code) s.staff_code, s.unit, s.roles, s.state
FROM staff_states s WHERE s.effective_on <= :today AND {visible_unit("s.unit")}
ORDER BY s.staff_code, s.version DESC
"""
"""Who works where as what on the business day :today, as far as in sight."""

CENTRES = f"""
SELECT DISTINCT ON (c.unit) c.unit, u.name, u.level, u.kind, c.department, c.director_post,
       c.director_staff_code, c.effective_on, c.version,
       EXISTS (SELECT FROM ({_DUTY}) duty WHERE duty.staff_code = c.director_staff_code
                   AND duty.unit = c.unit AND duty.state = 'active') AS has_director
FROM centres c JOIN units u USING (unit)
WHERE c.effective_on <= :on AND {visible_unit("c.unit")}
ORDER BY c.unit, c.version DESC
"""
"""Centres in sight as of :on; `has_director` is false once the director has gone."""

CENTRE_HISTORY = f"""
SELECT c.* FROM centres c WHERE c.unit = :unit AND {visible_unit("c.unit")}
"""

DECISIONS = f"""
SELECT d.* FROM centre_decisions d WHERE d.unit = :unit AND {visible_unit("d.unit")}
"""

BUREAUS = f"""
SELECT u.unit, u.name, u.parent, u.level, u.specialty,
       EXISTS (SELECT FROM centres c WHERE c.unit = u.unit AND c.effective_on <= :today)
           AS has_centre,
       decided.is_granted, decided.decided_on, coalesce(managed.held, 0) AS account_managers
FROM units u
LEFT JOIN (
    SELECT covers.ancestor AS unit, count(*) AS held
    FROM ({_DUTY}) duty JOIN kit.unit_closure covers ON covers.unit = duty.unit
    WHERE duty.state = 'active' AND 'account_manager' = ANY (duty.roles)
    GROUP BY covers.ancestor
) managed USING (unit)
LEFT JOIN LATERAL (
    SELECT d.is_granted, d.decided_on FROM centre_decisions d WHERE d.unit = u.unit
    ORDER BY d.decided_on DESC, d.decision_id DESC LIMIT 1
) decided ON true
WHERE u.kind = 'specialty' AND {visible_unit("u.unit")}
"""
"""Professional bureaus in sight, with what each has of what R-06 asks for."""

POSTS_HELD = f"""
SELECT u.unit, u.name, u.level, u.kind, coalesce(posts.held, '{{}}'::jsonb) AS held,
       EXISTS (SELECT FROM centres c WHERE c.unit = u.unit AND c.effective_on <= :today)
           AS has_centre
FROM units u
LEFT JOIN (
    SELECT counted.unit, jsonb_object_agg(counted.role, counted.held) AS held
    FROM (SELECT duty.unit, role, count(*) AS held
          FROM ({_DUTY}) duty, unnest(duty.roles) AS role
          WHERE duty.state = 'active' GROUP BY duty.unit, role) counted
    GROUP BY counted.unit
) posts USING (unit)
WHERE {visible_unit("u.unit")}
"""
"""People on duty by role, unit by unit (R-08)."""

REGION_CHANGES = """
SELECT r.division_code, r.version, r.region_class, r.effective_on, r.author, r.reason,
       r.recorded_at
FROM region_classes r WHERE r.division_code = :code
"""
