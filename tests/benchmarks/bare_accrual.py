"""What the nightly accrual and the ageing are compared with: one statement each, written by hand.

`ACCRUAL` knows the only plan there is, that an instalment has at most one part payment, after it
was due, that no fee was ever waived, and that nobody else is at work: it locks nothing and takes no
portions. It keeps, posts and tells the same.
"""

from __future__ import annotations

ACCRUAL = """
WITH part AS (
    SELECT i.item_id, balance.principal, side.rate,
        greatest(balance.from_on, side.from_on) AS from_on,
        least(balance.until_on, side.until_on) AS until_on
    FROM items i JOIN charges c ON c.charge_id = i.charge_id
    LEFT JOIN applications a ON a.item_id = i.item_id
    LEFT JOIN payments p ON p.payment_id = a.payment_id
    CROSS JOIN LATERAL (VALUES
        (i.amount, i.due_on + 1, coalesce(p.received_on, %(on)s::date)),
        (i.amount - a.amount, p.received_on + 1, %(on)s::date)
    ) AS balance (principal, from_on, until_on)
    CROSS JOIN LATERAL (VALUES
        ('-infinity'::date, make_date(extract(year FROM i.due_on)::int, 12, 31),
            CASE WHEN c.tariff_class = 'household' THEN 0.001 ELSE 0.002 END),
        (make_date(extract(year FROM i.due_on)::int, 12, 31) + 1, 'infinity'::date,
            CASE WHEN c.tariff_class = 'household' THEN 0.001 ELSE 0.003 END)
    ) AS side (from_on, until_on, rate)
    WHERE balance.principal > 0 AND i.paid < i.amount AND i.fee_of IS NULL
        AND i.due_on < %(on)s::date AND (i.accrued_on IS NULL OR i.accrued_on < %(on)s::date)
), fee AS (
    SELECT i.item_id, i.charge_id, i.customer_key, i.number, i.due_on, i.amount, i.paid,
        i.is_overdue, kept.item_id IS NULL AS is_new, coalesce(kept.amount, 0) AS before,
        coalesce(kept.item_id, md5(i.item_id || 'fee')::uuid) AS fee_id,
        coalesce(kept.version, 0) + 1 AS version, greatest(round(own.exact, 2), 1.00) AS fee,
        round(own.exact, 2) < 1.00 AS is_minimum, own.parts, own.told
    FROM (
        SELECT item_id, sum(principal * rate * (until_on - from_on + 1)) AS exact,
            json_agg(json_build_object('from_on', from_on, 'until_on', until_on,
                'days', until_on - from_on + 1, 'principal', principal::text,
                'daily_rate', rate::text,
                'amount', (principal * rate * (until_on - from_on + 1))::text)
                ORDER BY from_on) AS parts,
            json_agg(json_build_object('from_on', from_on, 'until_on', until_on,
                'days', until_on - from_on + 1,
                'principal', json_build_object('amount', principal::text, 'currency', 'CNY'),
                'daily_rate', rate::text,
                'amount', (principal * rate * (until_on - from_on + 1))::text)
                ORDER BY from_on) AS told
        FROM part WHERE from_on <= until_on GROUP BY item_id
    ) own
    JOIN items i ON i.item_id = own.item_id
    LEFT JOIN items kept ON kept.charge_id = i.charge_id AND kept.fee_of = i.item_id
), marked AS (
    UPDATE items SET accrued_on = %(on)s FROM fee WHERE items.item_id = fee.item_id
), kept AS (
    INSERT INTO items AS held (item_id, charge_id, customer_key, fee_of, number, billed, amount,
        paid, is_overdue, accrued_on, version)
    SELECT fee_id, charge_id, customer_key, item_id, number, fee, fee, 0, false, %(on)s, version
    FROM fee
    ON CONFLICT (item_id) DO UPDATE SET billed = excluded.billed, amount = excluded.amount,
        accrued_on = excluded.accrued_on, version = excluded.version
), decided AS (
    INSERT INTO late_fee_decisions (item_id, version, customer_key, as_of, amount, is_minimum,
        plan_version, because, parts, recorded_at)
    SELECT fee_id, version, customer_key, %(on)s, fee, is_minimum, 1, 'accrued', parts::jsonb,
        %(now)s FROM fee
), posted AS (
    INSERT INTO journal (journal_id, line_no, kind, source_id, event_at, debit, credit, amount,
        event_on, customer_key, is_increment, item_id, created_at)
    SELECT gen_random_uuid(), 1, 'late_fee', fee_id, %(now)s, 'receivable', 'late_fee_income',
        fee - before, %(on)s, customer_key, false, fee_id, %(now)s
    FROM fee WHERE fee > before
), changed AS (
    UPDATE charges SET version = charges.version + 1,
        state = CASE WHEN fee.is_overdue THEN 'overdue' ELSE 'open' END
    FROM fee WHERE charges.charge_id = fee.charge_id
    RETURNING charges.*, fee.number, fee.due_on, fee.amount, fee.paid, fee.fee
), told AS (
    SELECT gen_random_uuid() AS id, 'late_fee_posted' AS name, customer_key, json_build_object(
        'entity', json_build_object('type', 'late-fee', 'id', fee_id, 'version', version),
        'customer_key', customer_key, 'as_of', %(on)s::date,
        'policy', json_build_object('name', 'late-fees', 'version', 1),
        'inputs', json_build_object('due_on', due_on, 'amount', amount::text),
        'late_fee_id', fee_id, 'receivable_id', charge_id, 'instalment', number, 'parts', told,
        'amount', json_build_object('amount', fee::text, 'currency', 'CNY'),
        'is_minimum', is_minimum, 'because', 'accrued') AS data
    FROM fee
    UNION ALL
    SELECT gen_random_uuid(), 'receivable_changed', customer_key, json_build_object(
        'entity', json_build_object('type', 'receivable', 'id', charge_id, 'version', version),
        'customer_key', customer_key, 'receivable_id', charge_id,
        'source', json_build_object('system', system, 'ref', ref),
        'business_line', business_line, 'tariff_class', tariff_class, 'issued_on', issued_on,
        'state', state,
        'amount', json_build_object('amount', gross::text, 'currency', 'CNY'),
        'balance', json_build_object('amount', (amount - paid + fee)::text, 'currency', 'CNY'),
        'late_fees', json_build_object('amount', fee::text, 'currency', 'CNY'),
        'instalments', json_build_array(json_build_object('number', number, 'due_on', due_on,
            'amount', json_build_object('amount', amount::text, 'currency', 'CNY'),
            'balance', json_build_object('amount', (amount - paid)::text, 'currency', 'CNY'))))
    FROM changed
)
INSERT INTO kit.outbox (subject, message_id, body, stored_at)
SELECT 'dakehu.billing.' || name || '.v1', 'billing/' || id, convert_to(
    '{"specversion":"1.0","id":"' || id || '","source":"/dakehu/billing","type":"dakehu.billing.'
    || name || '.v1","time":"2026-01-31T16:00:00+00:00","datacontenttype":"application/json",'
    || '"dataschema":"/contracts/dakehu.billing.' || name || '.v1.json","subject":"'
    || customer_key || '","data":' || data || '}', 'UTF8'), %(now)s
FROM told
"""

AGEING = """
SELECT i.customer_key, width_bucket(greatest(%(on)s::date - i.due_on, 0), %(firsts)s::int[]),
    sum(l.balance)
FROM (
    SELECT item_id, sum(CASE WHEN debit = 'receivable' THEN amount ELSE -amount END) AS balance
    FROM journal
    WHERE item_id IS NOT NULL AND event_on <= %(on)s
        AND (debit = 'receivable' OR credit = 'receivable')
    GROUP BY item_id HAVING sum(CASE WHEN debit = 'receivable' THEN amount ELSE -amount END) <> 0
) l JOIN items i ON i.item_id = l.item_id
GROUP BY 1, 2
"""
"""The same by customer and bucket, for somebody who sees everything."""
