"""What callers read of people: loads, contacts, trust, each behind the caller's scope."""

from __future__ import annotations

from services.registry.storage.reports import OWNED_BY
from shared.directory.grants import visible, visible_unit

_PERSON = "coalesce((SELECT root FROM kit.identities i WHERE i.customer_key = {0}), {0})"

FIRST_CALLS = f"""
SELECT * FROM (
    SELECT {_PERSON.format("c.customer_key")} AS customer_key, c.contact_id, c.source,
           c.channel, c.direction, c.company_channel, c.staff_codes, c.occurred_at, c.occurred_on,
           lag(c.occurred_at) OVER (
               PARTITION BY {_PERSON.format("c.customer_key")}
               ORDER BY c.occurred_at, c.contact_id) AS before_at
    FROM contacts c
    WHERE c.occurred_on > CAST(:from_on AS date) - CAST(:quiet_days AS integer) - 1
        AND c.occurred_on <= :today AND {visible("base", "c.customer_key")}
) told
WHERE source = 'logged' AND direction = 'inbound' AND occurred_on >= :from_on
    AND (before_at IS NULL OR occurred_at - before_at > make_interval(days => :quiet_days))
"""
"""Contacts that a customer began after a silence, from :from_on to :today (R-54)."""

TRUST = f"""
SELECT customer_key, count(*) FILTER (WHERE company_channel) AS to_company,
       count(*) FILTER (WHERE NOT company_channel) AS to_person,
       coalesce(array_agg(DISTINCT staff_codes[1]) FILTER (
           WHERE NOT company_channel AND cardinality(staff_codes) > 0), '{{}}') AS people
FROM ({FIRST_CALLS}) first_calls GROUP BY customer_key
"""
"""First calls per customer, and who of us they went to in person (R-54)."""

TRUSTED = f"""
SELECT trusted.*, c.name, c.customer_id FROM (
    SELECT trust.*,
           CASE WHEN to_company + to_person < :minimum THEN 'unknown'
                WHEN to_company >= CAST(:share AS numeric) * (to_company + to_person)
                    THEN 'company_asset'
                ELSE 'personal_asset' END AS asset
    FROM ({TRUST}) trust
) trusted JOIN customers c USING (customer_key)
WHERE (CAST(:asset AS text) IS NULL OR asset = :asset)
"""

IN_TOUCH = f"""
SELECT people.staff_code, max(people.occurred_at) AS last_at,
       count(people.occurred_at) AS contacts, bool_or(people.is_manager) AS is_manager
FROM (
    SELECT unnest(c.staff_codes) AS staff_code, c.occurred_at, false AS is_manager
    FROM contacts c
    WHERE {_PERSON.format("c.customer_key")} = :key AND c.occurred_on > :from_on
        AND c.occurred_on <= :today AND {visible("base", "c.customer_key")}
    UNION ALL
    SELECT code, NULL, true FROM managers m, unnest(ARRAY[m.a_staff_code, m.b_staff_code]) AS code
    WHERE m.customer_key = :key AND code IS NOT NULL AND {visible("base", "m.customer_key")}
) people GROUP BY people.staff_code
"""
"""Who of us is in touch with a customer: its managers, and whoever was since :from_on (R-80)."""

NEWS = f"""
SELECT other.contact_id, other.customer_key, c.name, other.channel, other.direction,
       other.staff_codes, other.occurred_at
FROM contacts other JOIN customers c USING (customer_key)
WHERE {visible("base", "other.customer_key")}
    AND other.occurred_on > :from_on AND other.occurred_on <= :today
    AND cardinality(other.staff_codes) > 0 AND NOT (:staff_code = ANY (other.staff_codes))
    AND (EXISTS (SELECT FROM managers m WHERE m.customer_key = other.customer_key
                 AND :staff_code IN (m.a_staff_code, m.b_staff_code))
         OR EXISTS (SELECT FROM contacts mine WHERE mine.customer_key = other.customer_key
                    AND mine.staff_codes @> ARRAY[CAST(:staff_code AS text)]
                    AND mine.occurred_at <= other.occurred_at
                    AND mine.occurred_at > other.occurred_at - make_interval(days => :days)))
"""
"""Contacts of others with customers that :staff_code is in touch with (R-80)."""

CONTACT_PEOPLE = f"""
SELECT * FROM (
    SELECT c.customer_key, c.customer_id, c.name, c.approved_on, {OWNED_BY} AS owner_unit,
           array(SELECT DISTINCT code FROM (
               SELECT unnest(ARRAY[m.a_staff_code, m.b_staff_code]) AS code FROM managers m
               WHERE m.customer_key = c.customer_key
               UNION
               SELECT unnest(k.staff_codes) FROM contacts k
               WHERE k.customer_key = c.customer_key AND k.occurred_on >= :reported_from
                   AND k.occurred_on <= :today) known WHERE code IS NOT NULL ORDER BY code)
               AS people,
           (SELECT max(k.occurred_on) FROM contacts k WHERE k.customer_key = c.customer_key
            AND k.occurred_on <= :today AND cardinality(k.staff_codes) > 0) AS last_report_on
    FROM customers c
    WHERE c.closed_on IS NULL AND c.approved_on > :new_from AND {visible("base", "c.customer_key")}
        AND (c.kind = ANY (:kinds) OR c.visit_class = ANY (:visit_classes)
             OR c.specialty_class = ANY (:specialty_classes)
             OR EXISTS (
                 SELECT FROM (SELECT DISTINCT ON (scheme) scheme, tier FROM tiers t
                              WHERE t.customer_key = c.customer_key AND t.effective_on <= :today
                              ORDER BY scheme, version DESC) held
                 JOIN unnest(CAST(:schemes AS text[]), CAST(:tiers AS text[]))
                     AS asked (scheme, tier) ON asked = (held.scheme, held.tier)))
) asked
WHERE cardinality(people) < :minimum_people OR last_report_on IS NULL
    OR last_report_on < :reported_from
"""
"""Important or promising new customers that lack people or reports (R-49)."""

STAFFING = f"""
SELECT units.unit, units.name, units.level, coalesce(owned.accounts, 0) AS accounts,
       coalesce(employed.managers, 0) AS managers
FROM kit.units units
LEFT JOIN (
    SELECT owner_unit, count(*) AS accounts FROM (
        SELECT {OWNED_BY} AS owner_unit FROM customers c
        WHERE c.closed_on IS NULL AND c.approved_on IS NOT NULL
            AND {visible("base", "c.customer_key")}) living
    GROUP BY owner_unit) owned ON owned.owner_unit = units.unit
LEFT JOIN (
    SELECT unit, count(*) AS managers FROM (
        SELECT DISTINCT ON (staff_code) s.unit, s.roles, s.state FROM staff_states s
        WHERE s.effective_on <= :today ORDER BY staff_code, version DESC) people
    WHERE state = 'active' AND 'account_manager' = ANY (roles)
    GROUP BY unit) employed ON employed.unit = units.unit
WHERE units.level <> 'branch' AND {visible_unit("units.unit")}
"""
"""Key accounts and account managers of every centre in sight (R-10)."""
