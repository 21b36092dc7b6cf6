"""SQL of who shares a credit limit: the head office of customers as they are today (B-34)."""

from __future__ import annotations

_BEGIN = """
CREATE OR REPLACE FUNCTION credit_groups(keys uuid[])
RETURNS TABLE (customer_key uuid, group_key uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
"""

GROUPS = f"""{_BEGIN}
WITH RECURSIVE up (customer_key, at, seen) AS (
    SELECT key, own.at, ARRAY[own.at] FROM unnest(keys) AS key CROSS JOIN LATERAL (
        SELECT coalesce((SELECT known.root FROM kit.identities known
                         WHERE known.customer_key = key), key) AS at
    ) own
    UNION ALL
    SELECT up.customer_key, step.above, up.seen || step.above
    FROM up CROSS JOIN LATERAL (
        SELECT coalesce(known.root, held.head_office_key) AS above
        FROM kit.customers held
        LEFT JOIN kit.identities known ON known.customer_key = held.head_office_key
        WHERE held.customer_key = up.at
    ) step
    WHERE step.above <> ALL (up.seen)
)
SELECT DISTINCT ON (up.customer_key) up.customer_key, up.at FROM up
ORDER BY up.customer_key, cardinality(up.seen) DESC
$$"""
"""Everybody first becomes who he is today, and then a branch its head office, who that is today.

A head office that was merged into a branch of its own is that branch, which then is the head.
"""

GROUPS_BEFORE = f"""{_BEGIN}
WITH RECURSIVE up (customer_key, at, seen) AS (
    SELECT key, key, ARRAY[key] FROM unnest(keys) AS key
    UNION ALL
    SELECT up.customer_key, step.above, up.seen || step.above
    FROM up CROSS JOIN LATERAL (
        SELECT coalesce(
            (SELECT nullif(known.root, up.at) FROM kit.identities known
             WHERE known.customer_key = up.at),
            (SELECT held.head_office_key FROM kit.customers held
             WHERE held.customer_key = up.at)) AS above
    ) step
    WHERE step.above <> ALL (up.seen)
)
SELECT DISTINCT ON (up.customer_key) up.customer_key, up.at FROM up
ORDER BY up.customer_key, cardinality(up.seen) DESC
$$"""
