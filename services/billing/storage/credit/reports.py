"""What callers read of credit, within their scope.

Figures of a group are shown to whoever sees the money of its head office, whole, whatever branches
he sees; whoever sees a branch alone sees that branch's own.
"""

from __future__ import annotations

from services.billing.storage.credit.groups import limit_in_sql
from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER

_USUAL = (
    "CAST(:grades AS text[]), CAST(:tiers AS text[]), CAST(:classes AS text[]),"
    " CAST(:amounts AS numeric[])"
)

LIMITS = f"""
SELECT asked.proposal_id, asked.customer_key, asked.amount, asked.reason, asked.proposed_by,
    CAST(asked.recorded_at AS timestamptz) AS proposed_at,
    coalesce(decided.effective_on, asked.effective_on) AS effective_on,
    CASE WHEN decided.proposal_id IS NULL THEN 'proposed'
         WHEN decided.is_approved THEN 'approved' ELSE 'refused' END AS state,
    decided.limit_version, decided.decided_by, decided.reason AS decided_because,
    decided.policy_version, decided.recorded_at AS decided_at
FROM credit_limit_proposals asked
LEFT JOIN credit_limit_decisions decided ON decided.proposal_id = asked.proposal_id
WHERE {visible("money", "asked.customer_key")}
    AND (CAST(:proposal_id AS uuid) IS NULL OR asked.proposal_id = :proposal_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR asked.customer_key = {SAME_CUSTOMER})
    AND (NOT :is_open OR decided.proposal_id IS NULL)
"""

RESERVATIONS = f"""
SELECT reservation_id, customer_key, amount, consumed, purpose, ref, reserved_on, until_on, state,
    reserved_by, policy_version, inputs, version,
    CASE WHEN state = 'live' THEN amount - consumed ELSE 0 END AS "left"
FROM credit_reservations kept
WHERE {visible("money", "kept.customer_key")}
    AND (CAST(:reservation_id AS uuid) IS NULL OR reservation_id = :reservation_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:ref AS text) IS NULL OR ref = :ref)
    AND (CAST(:state AS text) IS NULL OR state = :state)
"""

RESERVATION_CHANGES = f"""
SELECT version, state, consumed, "on", staff_code, charge_id AS receivable_id, reason, recorded_at
FROM credit_reservation_changes
WHERE reservation_id = :reservation_id
    AND {visible("money", "credit_reservation_changes.customer_key")}
ORDER BY version
"""

CROSSINGS = f"""
SELECT customer_key, version, is_exceeded, as_of, receivable, unapplied, reserved,
    receivable - unapplied + reserved AS exposure, credit_limit, limit_version, grade,
    tier, customer_class, policy_version, recorded_at
FROM credit_crossings crossed
WHERE {visible("money", "crossed.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
"""

GROUP = f"""
SELECT standing.* FROM credit_groups(ARRAY[CAST(:customer_key AS uuid)]) whose
CROSS JOIN LATERAL credit_standings(ARRAY[whose.group_key], :on, :scheme) standing
WHERE {visible("money", "whose.group_key")}
"""
"""The group of :customer_key as it stands on the day :on, for whoever sees its head office."""

MEMBERS = f"""
SELECT member.customer_key, whose.group_key, own.receivable, own.unapplied, own.reserved,
    own.version
FROM credit_groups(ARRAY[CAST(:customer_key AS uuid)]) whose
CROSS JOIN LATERAL credit_members(ARRAY[whose.group_key]) member
CROSS JOIN LATERAL (
    SELECT coalesce(sum(balance) FILTER (WHERE account = 'receivable'), 0) AS receivable,
        coalesce(-sum(balance) FILTER (WHERE account = 'unapplied_cash'), 0) AS unapplied,
        CAST(coalesce(sum(ledger.version), 0) + (
            SELECT count(*) FROM credit_reservation_changes changed
            WHERE changed.customer_key = member.customer_key) AS bigint) AS version,
        (SELECT coalesce(sum(amount - consumed), 0) FROM credit_reservations kept
         WHERE kept.customer_key = member.customer_key AND state = 'live') AS reserved
    FROM balances ledger
    WHERE ledger.customer_key = member.customer_key
        AND account IN ('receivable', 'unapplied_cash')
) own
WHERE {visible("money", "member.customer_key")}
ORDER BY member.customer_key
"""
"""Its members in sight, each with its own part."""

RISKS = f"""
SELECT * FROM (
    SELECT standing.group_key AS customer_key, standing.receivable, standing.unapplied,
        standing.reserved, standing.receivable - standing.unapplied + standing.reserved AS exposure,
        standing.limit_version, standing.grade, standing.tier, standing.customer_class,
        {limit_in_sql(_USUAL)} AS credit_limit,
        coalesce(late.overdue, 0) AS overdue, late.oldest_due_on,
        (SELECT owner_unit FROM ownerships
         WHERE ownerships.customer_key = standing.group_key AND effective_on <= :on
         ORDER BY ownerships.version DESC LIMIT 1) AS owner_unit
    FROM (
        SELECT array_agg(DISTINCT whose.group_key) AS keys
        FROM credit_groups(ARRAY(
            SELECT owing.customer_key FROM balances owing
            WHERE {visible("money", "owing.customer_key")}
            UNION
            SELECT kept.customer_key FROM credit_reservations kept
            WHERE state = 'live' AND {visible("money", "kept.customer_key")})) whose
        WHERE {visible("money", "whose.group_key")}
    ) seen
    CROSS JOIN LATERAL credit_standings(seen.keys, :on, :scheme) standing
    LEFT JOIN credit_overdue(seen.keys, :on) late ON late.group_key = standing.group_key
) risk
WHERE (exposure > credit_limit OR (exposure > 0 AND exposure >= :use * credit_limit)
        OR oldest_due_on <= CAST(:on AS date) - CAST(:overdue_days AS int))
    AND (CAST(:unit AS text) IS NULL OR owner_unit IN (
        SELECT below.unit FROM kit.unit_closure below WHERE below.ancestor = :unit))
"""
"""Groups in sight that come near their limit, are above it, or have paid nothing for long."""

ASSESSMENTS = f"""
SELECT assessment_id, customer_key, version, as_of, from_on, until_on, score, grade, punctuality,
    days_late, inputs, parts, policy_version, credit_limit, exposure, assessed_by, recorded_at
FROM credit_assessments judged
WHERE {visible("money", "judged.customer_key")}
    AND (CAST(:assessment_id AS uuid) IS NULL OR assessment_id = :assessment_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:grade AS text) IS NULL OR grade = :grade)
"""

TURNOVER = f"""
SELECT (SELECT coalesce(sum(gross - cancelled), 0) FROM charges
        WHERE charges.customer_key = {SAME_CUSTOMER} AND issued_on BETWEEN :from_on AND :until_on
            AND {visible("money", "charges.customer_key")}) AS billed,
    (SELECT coalesce(sum(amount - returned), 0) FROM payments
     WHERE payments.customer_key = {SAME_CUSTOMER} AND received_on BETWEEN :from_on AND :until_on
        AND {visible("money", "payments.customer_key")}) AS received,
    EXISTS (SELECT FROM kit.customers WHERE customers.customer_key = :customer_key
        AND {visible("money", "customers.customer_key")}) AS is_in_sight
"""
"""What :customer_key was billed and what it paid from :from_on to :until_on."""
