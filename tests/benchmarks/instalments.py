"""A million open instalments in billing's books, made by set-based SQL, with their journal.

Fifty charges of one instalment to a customer, due within four months; of every tenth a part was
paid. The units are those of the register of a million.
"""

from __future__ import annotations

import psycopg

from tests.benchmarks.million import CITIES, COUNTIES, UNITS

EACH = 50
"""Instalments of a customer."""

_CUSTOMERS = """
CREATE TEMP TABLE buyers AS
SELECT number, md5('customer ' || number)::uuid AS customer_key,
    'GD-' || number % {cities} || '-' || (number / {cities}) % {counties} AS unit
FROM generate_series(1, {customers}) AS number;
INSERT INTO kit.grants (customer_key, aspect, unit, from_on)
SELECT customer_key, aspect, unit, '2020-01-01'
FROM buyers, unnest('{{base,money}}'::text[]) AS aspect;
INSERT INTO positions (customer_key, payment_mark, item_mark)
SELECT customer_key, '', '' FROM buyers
"""
_CHARGES = """
CREATE TEMP TABLE billed AS
SELECT buyers.customer_key, buyers.unit, buyers.number * {each} + part AS number,
    md5('charge ' || buyers.number || ' ' || part)::uuid AS charge_id,
    md5('item ' || buyers.number || ' ' || part)::uuid AS item_id,
    md5('payment ' || buyers.number || ' ' || part)::uuid AS payment_id,
    (100 + (buyers.number * 7919 + part * 104729) % 900000)::numeric(18, 2) / 100 + 1 AS amount,
    '2025-09-25'::date + (buyers.number * 31 + part * 17) % 120 AS due_on,
    CASE WHEN (buyers.number + part) % 4 = 0 THEN 'household' ELSE 'other' END AS tariff_class,
    (buyers.number + part) % 10 = 0 AS is_part_paid
FROM buyers, generate_series(1, {each}) AS part;
INSERT INTO charges (charge_id, customer_key, system, ref, business_line, tariff_class, gross, tax,
    cancelled, issued_on, state, version, event_at, recorded_at)
SELECT charge_id, customer_key, 'erp', 'C-' || number, 'electricity', tariff_class, amount, 0, 0,
    due_on - 20, 'open', 1, now(), now() FROM billed;
INSERT INTO items (item_id, charge_id, customer_key, number, due_on, billed, amount, paid,
    is_overdue, version)
SELECT item_id, charge_id, customer_key, 1, due_on, amount, amount,
    CASE WHEN is_part_paid THEN 0.50 ELSE 0 END, false, 0 FROM billed;
INSERT INTO payments (payment_id, customer_key, system, ref, fund, amount, returned, applied,
    received_on, remittance, version, recorded_at)
SELECT payment_id, customer_key, 'bank', 'P-' || number, 'bank', 0.50, 0, 0.50, due_on + 9, '{{}}',
    1, now() FROM billed WHERE is_part_paid;
INSERT INTO applications (payment_id, item_id, customer_key, is_named, amount, event_on)
SELECT payment_id, item_id, customer_key, true, 0.50, due_on + 9 FROM billed WHERE is_part_paid
"""
_JOURNAL = """
INSERT INTO journal (created_at, event_at, event_on, line_no, is_increment, debit, credit,
    journal_id, source_id, customer_key, item_id, amount, kind)
SELECT now(), now(), due_on - 20, 1, false, 'receivable'::account, 'billed_clearing'::account,
    md5('j' || number)::uuid, charge_id, customer_key, item_id, amount, 'charge' FROM billed
UNION ALL
SELECT now(), now(), due_on + 9, 1, false, 'bank', 'unapplied_cash', md5('p' || number)::uuid,
    payment_id, customer_key, NULL, 0.50, 'payment' FROM billed WHERE is_part_paid
UNION ALL
SELECT now(), now(), due_on + 9, 1, false, 'unapplied_cash', 'receivable', md5('a' || number)::uuid,
    payment_id, customer_key, item_id, 0.50, 'application' FROM billed WHERE is_part_paid
"""


def make(url: str, instalments: int) -> None:
    """Fill the migrated database of billing at `url`; a minute or two for a million."""
    numbers = {
        "customers": max(instalments // EACH, 1),
        "each": EACH,
        "cities": CITIES,
        "counties": COUNTIES,
    }
    with psycopg.connect(url) as connection:
        for statements in (UNITS, _CUSTOMERS, _CHARGES, _JOURNAL):
            connection.execute(statements.format(**numbers))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
