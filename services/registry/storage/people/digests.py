"""Digests of everything that is kept of a customer but its managers (R-52).

Equal before and after, nothing but the person changed: the proof that a hand-over carries.
"""

from __future__ import annotations

from uuid import UUID

from services.registry.storage import tables
from shared.work import Work

_FOLLOWS_THE_PERSON = frozenset(
    {
        *("managers", "manager_assignments", "manager_swaps", "scopes"),
        *("handover_lines", "handover_marks", "rotations", "rotation_steps"),
    }
)
_AREAS = [
    table.name
    for table in tables.metadata.sorted_tables
    if "customer_key" in table.c and table.name not in _FOLLOWS_THE_PERSON
]
_DIGESTS = " UNION ALL ".join(
    f"SELECT '{area}' AS area, encode(sha256(convert_to(coalesce(string_agg("
    f"to_jsonb(kept)::text, ',' ORDER BY to_jsonb(kept)::text), ''), 'UTF8')), 'hex') AS digest"
    f" FROM {area} kept WHERE kept.customer_key = :key"
    for area in _AREAS
)


async def of_customer(work: Work, customer_key: UUID) -> dict[str, str]:
    """The digest (SHA-256, in hexadecimal) of the customer's rows in every table, by table."""
    rows = await work.rows(_DIGESTS, key=customer_key)
    return {row["area"]: row["digest"] for row in rows}
