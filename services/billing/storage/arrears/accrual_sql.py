"""The statements of `accruals`, in the order in which they are run."""

from __future__ import annotations

TABLE = """
CREATE TEMPORARY TABLE accruals (
    item_id uuid NOT NULL, charge_id uuid NOT NULL, customer_key uuid NOT NULL,
    number integer NOT NULL, due_on date NOT NULL, amount numeric(18, 2) NOT NULL,
    tariff_class text NOT NULL, fee_id uuid, version integer NOT NULL,
    billed_before numeric(18, 2) NOT NULL, owed_before numeric(18, 2) NOT NULL,
    waived numeric(18, 2) NOT NULL, waived_on date, is_growing boolean NOT NULL,
    fee numeric(18, 2) NOT NULL, owed numeric(18, 2) NOT NULL, is_minimum boolean NOT NULL,
    plan_version integer NOT NULL, is_decided boolean NOT NULL,
    parts json NOT NULL, told_parts json NOT NULL
) ON COMMIT DROP
"""

OVERDUE_TABLE = """
CREATE TEMPORARY TABLE overdue (
    item_id uuid NOT NULL, charge_id uuid NOT NULL, customer_key uuid NOT NULL,
    number integer NOT NULL, due_on date NOT NULL, amount numeric(18, 2) NOT NULL,
    paid numeric(18, 2) NOT NULL, tariff_class text NOT NULL, late_after date NOT NULL
) ON COMMIT DROP
"""
# By itself, and then counted: how many keys lie between two of them PostgreSQL cannot tell, and
# what is worked out of them would be planned for a single one.
FIND_OVERDUE = """
INSERT INTO pg_temp.overdue
SELECT items.item_id, items.charge_id, items.customer_key, items.number, items.due_on,
    items.amount, items.paid, charges.tariff_class, greatest(items.due_on, charges.issued_on)
FROM items JOIN charges ON charges.charge_id = items.charge_id
WHERE items.customer_key > %s::uuid AND items.customer_key <= %s::uuid
    AND items.paid < items.amount AND items.fee_of IS NULL AND items.due_on < %s::date
    AND items.closed_on IS NULL AND (items.accrued_on IS NULL OR items.accrued_on < %s::date)
"""

# Days of one balance (money received on a day counts from the next), of one plan, of one side of
# the year end: where they overlap is a part of the fee. What the books took over when it was due
# already is theirs, and late, from the day after.
WORK_OUT = """
INSERT INTO pg_temp.accruals
WITH rate AS MATERIALIZED (
    SELECT * FROM unnest(%s::text[], %s::date[], %s::date[], %s::numeric[], %s::numeric[])
        AS period (tariff_class, from_on, until_on, current_year, carried_over)
), received AS (
    SELECT item_id, greatest(payments.received_on, overdue.late_after) + 1 AS from_on,
        sum(applications.amount) AS paid
    FROM pg_temp.overdue JOIN applications USING (item_id) JOIN payments USING (payment_id)
    WHERE overdue.paid > 0 GROUP BY 1, 2
), balance AS (
    SELECT item_id, due_on, tariff_class, amount AS principal, late_after + 1 AS from_on,
        %s::date AS until_on
    FROM pg_temp.overdue WHERE paid = 0
    UNION ALL
    SELECT item_id, due_on, tariff_class, amount - sum(step.paid) OVER days, step.from_on,
        lead(step.from_on - 1, 1, %s::date) OVER days
    FROM pg_temp.overdue JOIN (
        SELECT item_id, from_on, paid FROM received
        UNION ALL
        SELECT item_id, late_after + 1, 0 FROM pg_temp.overdue WHERE paid > 0 AND NOT EXISTS (
            SELECT FROM received WHERE received.item_id = overdue.item_id
                AND received.from_on = overdue.late_after + 1)
    ) step USING (item_id)
    WHERE overdue.paid > 0
    WINDOW days AS (PARTITION BY item_id ORDER BY step.from_on)
), part AS (
    SELECT item_id, principal, side.daily_rate,
        greatest(balance.from_on, rate.from_on, side.from_on) AS from_on,
        least(balance.until_on, rate.until_on, side.until_on) AS until_on
    FROM balance JOIN rate USING (tariff_class)
    CROSS JOIN LATERAL (VALUES
        (due_on, make_date(extract(year FROM due_on)::int, 12, 31), rate.current_year),
        (make_date(extract(year FROM due_on)::int, 12, 31) + 1, 'infinity', rate.carried_over)
    ) AS side (from_on, until_on, daily_rate)
    WHERE principal > 0 AND side.daily_rate > 0
), fee AS (
    SELECT item_id, sum(principal * daily_rate * days) AS exact,
        json_agg(json_build_object('from_on', from_on, 'until_on', until_on, 'days', days,
            'principal', principal::text, 'daily_rate', daily_rate::text,
            'amount', (principal * daily_rate * days)::text) ORDER BY from_on) AS parts,
        json_agg(json_build_object('from_on', from_on, 'until_on', until_on, 'days', days,
            'principal', json_build_object('amount', principal::text, 'currency', given.currency),
            'daily_rate', daily_rate::text,
            'amount', (principal * daily_rate * days)::text) ORDER BY from_on) AS told_parts
    FROM (SELECT %s::text AS currency) given,
        LATERAL (SELECT *, until_on - from_on + 1 AS days FROM part WHERE from_on <= until_on) part
    GROUP BY item_id
)
SELECT overdue.item_id, overdue.charge_id, overdue.customer_key, overdue.number, overdue.due_on,
    overdue.amount, overdue.tariff_class, kept.item_id, coalesce(kept.version, 0) + 1,
    coalesce(kept.billed, 0), coalesce(kept.amount, 0), coalesce(kept.waived, 0), kept.waived_on,
    kept.item_id IS NULL OR (kept.due_on IS NULL AND kept.accrued_on < given.until_on),
    asked.fee, greatest(asked.fee - coalesce(kept.waived, 0), 0), asked.is_minimum,
    given.plan_version,
    (coalesce(kept.billed, 0), coalesce(kept.amount, 0), kept.due_on) IS DISTINCT FROM
        (asked.fee, greatest(asked.fee - coalesce(kept.waived, 0), 0), NULL::date),
    coalesce(fee.parts, '[]'), coalesce(fee.told_parts, '[]')
FROM (SELECT %s::date AS until_on, %s::numeric AS minimum, %s::int4 AS plan_version) given
CROSS JOIN pg_temp.overdue
LEFT JOIN fee ON fee.item_id = overdue.item_id
LEFT JOIN items kept ON kept.charge_id = overdue.charge_id AND kept.fee_of = overdue.item_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN fee.exact > 0 THEN greatest(round(fee.exact, 2), given.minimum) ELSE 0 END
            AS fee,
        coalesce(round(fee.exact, 2) < given.minimum, false) AS is_minimum
) asked
"""

UNNAMED = "SELECT item_id FROM pg_temp.accruals WHERE fee_id IS NULL AND is_decided"
NAME_FEES = """
UPDATE pg_temp.accruals SET fee_id = named.fee_id
FROM unnest(%s::uuid[], %s::uuid[]) AS named (item_id, fee_id)
WHERE accruals.item_id = named.item_id
"""

MARK_ACCRUED = """
UPDATE items SET accrued_on = %s::date FROM pg_temp.accruals
WHERE items.item_id = accruals.item_id
"""

KEEP_FEES = """
INSERT INTO items AS held (item_id, charge_id, customer_key, fee_of, number, due_on, billed, amount,
    paid, is_overdue, accrued_on, version, waived, waived_on)
SELECT fee_id, charge_id, customer_key, item_id, number, NULL, fee, owed, 0, false, %s::date,
    version, waived, waived_on
FROM pg_temp.accruals WHERE is_decided
ON CONFLICT (item_id) DO UPDATE SET due_on = NULL, billed = excluded.billed,
    amount = excluded.amount, is_overdue = false, accrued_on = excluded.accrued_on,
    version = excluded.version
"""

_BECAUSE = "CASE WHEN is_growing THEN 'accrued' ELSE 'recomputed' END"

KEEP_DECISIONS = f"""
INSERT INTO late_fee_decisions (item_id, version, customer_key, as_of, amount, waived, is_minimum,
    plan_version, because, parts, recorded_at)
SELECT fee_id, version, customer_key, %s::date, fee, fee - owed, is_minimum, plan_version,
    {_BECAUSE}, parts::jsonb, %s::timestamptz
FROM pg_temp.accruals WHERE is_decided
"""

# The fee as far as it grew; and what a waiver takes of that, if it was for more than there was.
_MOVED = """(VALUES
    (true, fee - billed_before, given.grown_on),
    (false, billed_before - owed_before - (fee - owed), greatest(given.grown_on, waived_on))
) AS moved (is_fee, amount, event_on)"""

LINES = f"""
SELECT CASE WHEN is_fee THEN given.fee_kind ELSE given.waiver_kind END AS kind,
    fee_id AS source_id, fee_id AS item_id, customer_key, 'receivable' AS debit,
    'late_fee_income' AS credit, moved.amount, moved.event_on
FROM pg_temp.accruals
CROSS JOIN (SELECT %s::date AS grown_on, %s::text AS fee_kind, %s::text AS waiver_kind) given
CROSS JOIN LATERAL {_MOVED}
WHERE is_decided
"""

TOLD_CHARGES = """
SELECT array_agg(DISTINCT charge_id) FROM pg_temp.accruals
WHERE is_decided AND (version = 1 OR owed <> owed_before OR NOT is_growing)
"""

# What `late_fee_posted` says of a fee that grows.
FEES = f"""
SELECT customer_key, json_strip_nulls(json_build_object(
    'entity', json_build_object('type', 'late-fee', 'id', fee_id, 'version', version),
    'customer_key', customer_key, 'as_of', given.grown_on,
    'policy', json_build_object('name', given.plan, 'version', plan_version),
    'inputs', json_build_object(
        'tariff_class', tariff_class, 'due_on', due_on, 'amount', amount::text),
    'late_fee_id', fee_id, 'receivable_id', charge_id, 'instalment', number,
    'parts', told_parts, 'amount', json_build_object(
        'amount', owed::text, 'currency', given.currency),
    'is_minimum', is_minimum, 'waived', json_build_object(
        'amount', (fee - owed)::text, 'currency', given.currency),
    'booked_on', CASE WHEN EXISTS (
        SELECT FROM {_MOVED} WHERE moved.amount <> 0 AND moved.event_on < given.open_from
    ) THEN given.open_from END,
    'because', {_BECAUSE}))::text AS data
FROM (SELECT %s::text AS currency, %s::date AS grown_on, %s::text AS plan,
    open_from() AS open_from) given, pg_temp.accruals
WHERE is_decided
"""
