"""Who may see which aspect of a customer: dated grants, and the SQL that asks for them."""

from __future__ import annotations

from typing import Literal, get_args

from shared.contracts.registry import ScopeChanged
from shared.directory.newest import newest
from shared.messaging.cloudevents import Fact
from shared.work import Work

Aspect = Literal["base", "archive", "money", "dispute"]

_SCOPES = """
INSERT INTO kit.scopes AS held (customer_key, version)
SELECT * FROM unnest(%s::uuid[], %s::int4[])
ON CONFLICT (customer_key) DO UPDATE SET version = excluded.version
    WHERE held.version < excluded.version
RETURNING customer_key
"""
_DROP = "DELETE FROM kit.grants WHERE customer_key = ANY(%s::uuid[])"
_ADD = """
INSERT INTO kit.grants (customer_key, aspect, unit, from_on, until_on)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::date[], %s::date[])
"""


async def follow(work: Work, facts: list[Fact[ScopeChanged]]) -> None:
    """Keep the newest set of grants of every customer."""
    told = newest(facts, lambda scope: scope.customer_key)
    rows = await work.bulk(
        _SCOPES, [scope.customer_key for scope in told], [scope.entity.version for scope in told]
    )
    changed = {key for (key,) in rows}
    if not changed:
        return
    await work.bulk(_DROP, sorted(changed))
    grants = [
        (scope.customer_key, grant.aspect.value, grant.unit, grant.from_on, grant.until_on)
        for scope in told
        if scope.customer_key in changed
        for grant in scope.grants
    ]
    if grants:
        await work.bulk(_ADD, *(list(column) for column in zip(*grants, strict=True)))


def visible(aspect: Aspect, column: str = "customer_key") -> str:
    """SQL that is true for rows of customers of whom the caller may see `aspect` today.

    `column` holds the customer key; write its table or alias before it ("deposits.customer_key").
    Belongs into every read, report and export about customers. Without a caller (consumers,
    sweeps) nothing is visible. A merged customer is visible to whoever sees its survivor.
    """
    if aspect not in get_args(Aspect):
        raise ValueError(f"no such aspect: {aspect}")
    return (
        f"EXISTS (SELECT FROM kit.in_sight WHERE in_sight.customer_key = {column}"
        f" AND in_sight.aspect = '{aspect}')"
    )


def visible_unit(column: str = "unit") -> str:
    """SQL that is true for rows of the caller's unit and of those below it (money reports)."""
    return f"{column} IN (SELECT unit FROM kit.units_in_sight)"
