"""A city's search no longer looks up every customer in its sight.

Who sees a good part of the register, and asks for a word that more names have than customers are in
sight, is answered in one of two ways. A word of nearly every name, or none, is met soon: the names
are walked in their order, in their index alone, and asked whether they are in the sight that was
gathered before. Any other word is looked up, and what was found is held against the sight. Both
read a fraction of the index pages that looking up customers one by one does.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from alembic import op

revision = "registry_0012"
down_revision = "registry_0011"
branch_labels = None
depends_on = None

# Looking up a customer costs as much as some thirty steps through the names.
_SETTINGS = """
    steps integer;
"""
_WITH_SHARE = """
    a_part CONSTANT real := whole / 32;
    frequent CONSTANT real := whole / 8;
    steps integer;
"""
_FEW_IN_SIGHT = """
    IF in_sight <= expected THEN
"""
_PART_IN_SIGHT = """
    IF in_sight <= expected AND in_sight > a_part THEN
        IF expected < frequent THEN
            looked_up := format('%s AND %s', looked_up, beyond);
            RETURN QUERY EXECUTE format($q$
                WITH scope AS MATERIALIZED (
                    SELECT DISTINCT held.customer_key FROM kit.in_sight held
                    WHERE held.aspect = 'base'
                ), found AS MATERIALIZED (
                    SELECT s.name, s.customer_key FROM customer_names s WHERE %s
                )
                SELECT found.name, found.customer_key FROM found JOIN scope USING (customer_key)
                ORDER BY found.name, found.customer_key LIMIT %s$q$, looked_up, most);
            RETURN;
        END IF;
        -- IS TRUE keeps it a look into a hash, so that the order of the index is kept.
        RETURN QUERY EXECUTE format($q$
            WITH scope AS MATERIALIZED (
                SELECT DISTINCT held.customer_key FROM kit.in_sight held WHERE held.aspect = 'base'
            )
            SELECT near.name, near.customer_key FROM (
                SELECT s.name, s.customer_key FROM customer_names s
                WHERE (s.customer_key IN (SELECT customer_key FROM scope)) IS TRUE AND %s
                ORDER BY s.name, s.customer_key OFFSET 0
            ) near %s LIMIT %s$q$, beyond, has_it, most);
        RETURN;
    END IF;

    IF in_sight <= expected THEN
"""


def upgrade() -> None:
    find: str = _before()._FIND
    for had, has in ((_SETTINGS, _WITH_SHARE), (_FEW_IN_SIGHT, _PART_IN_SIGHT)):
        assert find.count(had) == 1, "what is replaced stands there once"
        find = find.replace(had, has)
    op.execute(find)


def downgrade() -> None:
    op.execute(_before()._FIND)


def _before() -> Any:
    return import_module("services.registry.storage.migrations.versions.0009_search")
