"""What callers read of arrears: age from the ledger, late fees, dunning; within their scope."""

from __future__ import annotations

from shared.directory.grants import visible
from shared.directory.identities import SAME_CUSTOMER, present

AGEING = """
SELECT coalesce(due_on, '9999-12-31'::date) AS due_order, owed.*
FROM aged_items(:on, CAST(:customer_key AS uuid)) owed
"""
"""Every instalment and late fee with a balance on the day :on, and how many days overdue it is."""

AGEING_PAGE = """
SELECT coalesce(due_on, '9999-12-31'::date) AS due_order, owed.*
FROM aged_page(:on, CAST(:customer_key AS uuid), CAST(:after_due AS date),
    CAST(:after_item AS uuid), CAST(:at_most AS int)) owed
"""
"""The first :at_most of them in the order of the list, behind :after_item if that is given."""

_AGED = "aged_totals(:on, CAST(:customer_key AS uuid), CAST(:firsts AS int[]), {by_line}) aged"

AGEING_BY_CUSTOMER = f"""
SELECT {present("aged.customer_key")} AS customer_key, bucket, sum(balance) AS balance
FROM {_AGED.format(by_line="false")} GROUP BY 1, 2 ORDER BY 1, 2
"""
"""The same by customer and bucket: 0 is not due, 1 the first bucket."""

AGEING_BY_LINE = f"""
SELECT business_line, bucket, sum(balance) AS balance
FROM {_AGED.format(by_line="true")} GROUP BY 1, 2 ORDER BY 1, 2
"""

AGEING_BY_UNIT = f"""
WITH owing AS MATERIALIZED (
    SELECT {present("aged.customer_key")} AS customer_key, bucket, sum(balance) AS balance
    FROM {_AGED.format(by_line="false")} GROUP BY 1, 2
)
SELECT owned.owner_unit AS unit, bucket, sum(balance) AS balance
FROM owing LEFT JOIN LATERAL (
    SELECT owner_unit FROM ownerships
    WHERE ownerships.customer_key = owing.customer_key AND effective_on <= :on
    ORDER BY version DESC LIMIT 1
) owned ON true
GROUP BY 1, 2 ORDER BY 1, 2
"""
"""By the unit that owned the customer on the day; none where nobody is known to have owned it."""

LATE_FEES = f"""
SELECT fee.item_id AS late_fee_id, fee.customer_key, fee.charge_id AS receivable_id,
    fee.number AS instalment, fee.amount, fee.billed AS by_plan,
    fee.billed - fee.amount - fee.written_off AS waived, fee.written_off, fee.paid,
    fee.accrued_on AS as_of,
    fee.due_on, fee.due_on IS NOT NULL AS is_final, fee.version
FROM items fee
WHERE fee.fee_of IS NOT NULL AND {visible("money", "fee.customer_key")}
    AND (CAST(:late_fee_id AS uuid) IS NULL OR fee.item_id = :late_fee_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR fee.customer_key = {SAME_CUSTOMER})
    AND (CAST(:receivable_id AS uuid) IS NULL OR fee.charge_id = :receivable_id)
"""

LATE_FEE_DECISIONS = f"""
SELECT version, as_of, amount, waived, because, is_minimum, plan_version, parts, recorded_at
FROM late_fee_decisions d
WHERE item_id = :late_fee_id AND {visible("money", "d.customer_key")} ORDER BY version
"""

WAIVERS = f"""
SELECT waiver_id, late_fee_id, customer_key, amount, reason, state, proposed_by, proposed_on,
    decided_by, decided_on, policy_version, version
FROM late_fee_waivers w
WHERE {visible("money", "w.customer_key")}
    AND (CAST(:waiver_id AS uuid) IS NULL OR waiver_id = :waiver_id)
    AND (CAST(:late_fee_id AS uuid) IS NULL OR late_fee_id = :late_fee_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
    AND (CAST(:state AS text) IS NULL OR state = :state)
"""

WAIVER_CHANGES = f"""
SELECT changes.version, changes.state, changes."on", staff_code, note, changes.policy_version, fee,
    granted, recorded_at
FROM late_fee_waiver_changes changes JOIN late_fee_waivers w ON w.waiver_id = changes.waiver_id
WHERE changes.waiver_id = :waiver_id AND {visible("money", "w.customer_key")}
ORDER BY changes.version
"""

DUNNINGS = f"""
SELECT d.dunning_id, d.customer_key, d.level, d.step, d.raised_on, d.withdrawn_on,
    d.policy_version, d.version, named.overdue, named.oldest_due_on, named.instalments
FROM dunnings d
CROSS JOIN LATERAL (
    SELECT sum(balance) AS overdue, min(due_on) AS oldest_due_on, count(*) AS instalments
    FROM dunning_items said
    WHERE said.dunning_id = d.dunning_id
        AND (d.withdrawn_on IS NOT NULL OR said.withdrawn_on IS NULL)
) named
WHERE {visible("money", "d.customer_key")}
    AND (CAST(:dunning_id AS uuid) IS NULL OR d.dunning_id = :dunning_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR d.customer_key = {SAME_CUSTOMER})
    AND (CAST(:level AS int) IS NULL OR d.level = :level)
    AND (CAST(:raised_on AS date) IS NULL OR d.raised_on = :raised_on)
    AND (CAST(:receivable_id AS uuid) IS NULL OR EXISTS (
        SELECT FROM dunning_items of_it
        WHERE of_it.dunning_id = d.dunning_id AND of_it.charge_id = :receivable_id))
"""

DUNNED_ITEMS = f"""
SELECT said.charge_id AS receivable_id, charges.ref, items.number AS instalment, said.due_on,
    said.balance, said.withdrawn_on, said.withdrawn_because
FROM dunning_items said
JOIN items ON items.item_id = said.item_id
JOIN charges ON charges.charge_id = said.charge_id
WHERE said.dunning_id = :dunning_id AND {visible("money", "said.customer_key")}
ORDER BY said.due_on, charges.ref, items.number
"""

DUNNING_HOLDS = f"""
SELECT held.complaint_id, held.system, held.ref, charges.charge_id AS receivable_id,
    held.opened_on, held.closed_on
FROM dunning_holds held
LEFT JOIN charges ON charges.system = held.system AND charges.ref = held.ref
WHERE {visible("money", "held.customer_key")}
    AND (CAST(:customer_key AS uuid) IS NULL OR held.customer_key = {SAME_CUSTOMER})
"""

DUNNING_EXCLUSIONS = f"""
SELECT exclusion_id, customer_key, from_on, until_on, reason, excluded_by, ended_by, version
FROM dunning_exclusions left_alone
WHERE {visible("money", "left_alone.customer_key")}
    AND (CAST(:exclusion_id AS uuid) IS NULL OR exclusion_id = :exclusion_id)
    AND (CAST(:customer_key AS uuid) IS NULL OR customer_key = {SAME_CUSTOMER})
"""
