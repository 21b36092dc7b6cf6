"""Which unit owns a customer, from which day on: every version is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from shared.work import Work

_INSERT = """
INSERT INTO owners (customer_key, version, unit, effective_on)
SELECT * FROM unnest(%s::uuid[], %s::int4[], %s::text[], %s::date[])
ON CONFLICT (customer_key, version) DO NOTHING
"""
_UNIT_AT_LEVEL = """
WITH owned AS (
    SELECT DISTINCT ON (customer_key) customer_key, unit FROM owners
    WHERE customer_key = ANY(:keys) AND effective_on <= :on
    ORDER BY customer_key, version DESC
)
SELECT owned.customer_key, owned.unit AS owner, above.unit
FROM owned
LEFT JOIN (
    SELECT closure.unit AS below, units.unit FROM kit.unit_closure closure
    JOIN kit.units units ON units.unit = closure.ancestor AND units.level = :level
) above ON above.below = owned.unit
"""


async def add(work: Work, versions: Sequence[tuple[UUID, int, str, date]]) -> None:
    """Keep (customer, version, unit, first day), each once."""
    ordered = sorted(set(versions), key=lambda version: version[:2])
    await work.bulk(_INSERT, *(list(column) for column in zip(*ordered, strict=True)))


async def units_at_level(
    work: Work, customer_keys: Sequence[UUID], level: str, on: date
) -> dict[UUID, tuple[str, str | None]]:
    """By customer: the unit that owns it on `on`, and the unit of `level` at or above that one.

    Customers that nobody owned that day are absent.
    """
    rows = await work.rows(_UNIT_AT_LEVEL, keys=list(customer_keys), level=level, on=on)
    return {row["customer_key"]: (row["owner"], row["unit"]) for row in rows}
