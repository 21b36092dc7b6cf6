"""Reads that bypass the domain: lists and reports, each of what the caller may see."""

from __future__ import annotations

from shared.directory.grants import visible, visible_unit

OBLIGATIONS = f"""
SELECT o.obligation_id, o.customer_key, o.code AS rule, o.role, o.channel, o.target_levels,
       o.first_on, o.due_on, o.minimum, o.maximum, cardinality(o.visit_ids) AS done, o.visit_ids,
       o.met_on, o.scheme, o.tier, o.specialty_class, o.visit_class, o.plan_version, o.unit,
       o.manager_a, o.manager_b, o.holder AS staff_code, o.state, o.version,
       o.state = 'missed' OR (o.state = 'due' AND o.due_on < :on) AS is_overdue
FROM obligations o
WHERE {visible("base", "o.customer_key")}
"""

OBLIGATION_DECISIONS = f"""
SELECT d.number, d.kind, d.reason, d.as_of, d.plan_version, d.inputs, d.recorded_at
FROM obligation_decisions d
WHERE d.obligation_id = :id AND {visible("base", "d.customer_key")}
ORDER BY d.number
"""

OBLIGATIONS_BY_UNIT = f"""
SELECT coalesce(o.unit, '') AS unit, o.role,
       CAST(count(*) FILTER (WHERE o.state = 'met') AS integer) AS met,
       CAST(count(*) FILTER (WHERE o.state = 'due' AND o.due_on >= :on) AS integer) AS due,
       CAST(count(*) FILTER (WHERE o.state = 'missed'
                             OR (o.state = 'due' AND o.due_on < :on)) AS integer) AS overdue
FROM obligations o
WHERE o.state <> 'withdrawn' AND o.due_on BETWEEN :from_on AND :to_on
    AND {visible("base", "o.customer_key")}
GROUP BY 1, 2
"""

# C8: whom no row covers is listed, never silently ignored.
NO_RULE = f"""
SELECT a.customer_key, a.gap AS reason, a.tier, a.specialty_class, a.visit_class,
       coalesce((SELECT owners.unit FROM owners
                 WHERE owners.customer_key = a.customer_key AND owners.effective_on <= :on
                 ORDER BY owners.version DESC LIMIT 1), '') AS unit
FROM accounts a
WHERE a.gap IS NOT NULL AND {visible("base", "a.customer_key")}
"""

VISITS = f"""
SELECT v.visit_id, v.customer_key, v.source_system, v.source_ref, v.kind, v.channel,
       v.target_level, v.started_at, v.ended_at, v.visited_on, v.expense, v.recorded_by,
       v.recorded_at, v.verdict, v.unit, v.roles, v.is_too_early, v.version,
       ARRAY(SELECT staff_code FROM visit_visitors p WHERE p.visit_id = v.visit_id
             ORDER BY position) AS visitors
FROM visits v
WHERE {visible("base", "v.customer_key")}
"""

# what happened in spite of a suspension is shown to those who supervise.
VISITS_AFTER_SUSPENSION = f"""
SELECT v.visit_id, v.customer_key, v.visited_on, v.kind, c.suspended_on, v.unit
FROM visits v JOIN kit.customers c ON c.customer_key = v.customer_key
WHERE c.suspended_on <= v.visited_on AND {visible("base", "v.customer_key")}
"""

VERIFICATIONS = f"""
SELECT f.verification_id, f.visit_id, f.customer_key, f.reported_on, f.due_on, f.is_provisional,
       f.attempts, f.verdict, f.verified_by, f.verified_at, f.version,
       f.verdict IS NULL AND f.due_on < :on AS is_overdue
FROM verifications f
WHERE {visible("base", "f.customer_key")}
"""

EXPENSES = f"""
SELECT e.expense_id, e.visit_id, e.customer_key, e.claimant, e.amount, e.state, e.reasons,
       e.verdict, e.decided_on, e.policy_version, e.version,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'step', s.step, 'staff_code', s.staff_code, 'is_refusal', s.is_refusal,
                   'signed_on', s.signed_on) ORDER BY s.number), '[]')
        FROM expense_signatures s WHERE s.expense_id = e.expense_id) AS signatures
FROM expenses e
WHERE {visible("base", "e.customer_key")}
"""

_CASE_IN_SIGHT = f"""
({visible("base", "c.customer_key")} OR {visible_unit("c.unit")}
 OR (c.customer_key IS NULL AND c.unit IS NULL))
"""

COMPLAINTS = f"""
SELECT c.complaint_id, c.customer_key, c.source_system, c.source_ref, c.kind, c.channel,
       c.category, c.occurred_at, c.recorded_at, c.recorded_by, c.disputed_system,
       c.disputed_type, c.disputed_ref, c.state, c.level, c.unit, c.handler, c.result,
       c.closed_at, c.is_imported, c.tier, c.levels_version, c.version,
       (SELECT count(*) FROM complaint_rounds r WHERE r.complaint_id = c.complaint_id) AS rounds,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'round', k.round, 'stage', k.stage, 'started_at', k.started_at,
                   'due_at', k.due_at, 'stopped_at', k.stopped_at,
                   'is_provisional', k.is_provisional) ORDER BY k.round, k.due_at, k.stage), '[]')
        FROM complaint_clocks k WHERE k.complaint_id = c.complaint_id) AS clocks,
       (SELECT coalesce(jsonb_agg(b.stage ORDER BY b.stage), '[]')
        FROM (SELECT DISTINCT ON (d.round, d.stage) d.stage, d.is_withdrawn
              FROM complaint_breaches d WHERE d.complaint_id = c.complaint_id
              ORDER BY d.round, d.stage, d.version DESC) b
        WHERE NOT b.is_withdrawn) AS breached
FROM complaints c
WHERE {_CASE_IN_SIGHT}
"""

# E-46: open cases by age, and how the closed ones went.
AGEING = f"""
SELECT coalesce(c.unit, '') AS unit, c.kind,
       CAST(count(*) FILTER (WHERE c.state <> 'closed') AS integer) AS open,
       CAST(count(*) FILTER (WHERE c.state <> 'closed'
                AND c.occurred_at > :at - interval '1 day') AS integer) AS open_1_day,
       CAST(count(*) FILTER (WHERE c.state <> 'closed'
                AND c.occurred_at <= :at - interval '1 day'
                AND c.occurred_at > :at - interval '7 days') AS integer) AS open_7_days,
       CAST(count(*) FILTER (WHERE c.state <> 'closed'
                AND c.occurred_at <= :at - interval '7 days'
                AND c.occurred_at > :at - interval '30 days') AS integer) AS open_30_days,
       CAST(count(*) FILTER (WHERE c.state <> 'closed'
                AND c.occurred_at <= :at - interval '30 days') AS integer) AS open_longer,
       CAST(count(*) FILTER (WHERE c.state = 'closed') AS integer) AS closed,
       CAST(count(*) FILTER (WHERE c.closed_at <= c.occurred_at + interval '24 hours')
            AS integer) AS closed_in_24_hours,
       round((percentile_cont(0.5) WITHIN GROUP (
           ORDER BY extract(epoch FROM c.closed_at - c.occurred_at) / 3600)
           FILTER (WHERE c.state = 'closed'))::numeric, 3) AS median_hours_to_close
FROM complaints c
WHERE c.occurred_at <= :at AND {_CASE_IN_SIGHT}
GROUP BY 1, 2
"""

BREACHES = f"""
SELECT b.breach_id, b.complaint_id, c.customer_key, b.round, b.stage, b.as_of, b.due_at, b.level,
       coalesce(b.unit, '') AS unit, b.levels_version
FROM (SELECT DISTINCT ON (complaint_id, round, stage) * FROM complaint_breaches
      ORDER BY complaint_id, round, stage, version DESC) b
JOIN complaints c ON c.complaint_id = b.complaint_id
WHERE NOT b.is_withdrawn AND {_CASE_IN_SIGHT}
"""

COMPENSATIONS = f"""
SELECT p.compensation_id, p.complaint_id, p.customer_key, p.amount, p.proposed_by, p.proposed_on,
       p.approved_by, p.approved_on, p.posted_on, p.refused_because, p.version
FROM compensations p
WHERE {visible("base", "p.customer_key")}
"""
