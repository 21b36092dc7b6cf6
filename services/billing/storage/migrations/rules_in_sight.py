"""By which rule postings are shared: a function that asks the scope by itself, once.

Under row-level security every posting of a report would be asked for its grants. The function shows
what `kit.in_sight` lets the caller see of customers' money, and nothing else. It runs with the
rights of the table's owner.
"""

from __future__ import annotations

from services.billing.storage.migrations.ageing import KEYS, RIGHTS

RULES_IN_SIGHT = f"""
CREATE FUNCTION rules_in_sight(wanted uuid)
RETURNS TABLE (posting_id uuid, rule text) ROWS 1000000
{RIGHTS} AS $$
{KEYS}
BEGIN
    RETURN QUERY EXECUTE '
        SELECT posting_id, rule FROM postings WHERE customer_key = ANY ($1)' USING keys;
END $$
"""
"""The rule that shares each posting now. `wanted` is a customer, or NULL for all."""
