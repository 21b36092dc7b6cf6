"""The log of exports: written before the first row is read, never altered (X-08, X-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

from shared.directory.grants import visible, visible_unit
from shared.work import Work

_ADD = """
INSERT INTO exports (export_id, exported_at, staff_code, unit, what, format, purpose, filters,
    rows, policy_version)
VALUES (:export_id, :exported_at, :staff_code, :unit, :what, :format, :purpose,
    CAST(:filters AS jsonb), :rows, :policy_version)
"""

LOG = f"""
SELECT export_id, exported_at, staff_code, unit, what, format, purpose, filters, rows,
    policy_version
FROM exports e
WHERE {visible_unit("e.unit")} AND (CAST(:staff_code AS text) IS NULL OR staff_code = :staff_code)
"""
"""Who took what out of the books, within the caller's unit and those below it."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export as it is kept: who took how many rows of what, and which filters found them."""

    export_id: UUID
    staff_code: str
    unit: str
    what: str
    format: str
    purpose: str
    filters: Mapping[str, str]
    rows: int
    policy_version: int


async def add(work: Work, export: Export) -> None:
    """Keep that somebody exports, now."""
    await work.run(
        _ADD,
        {
            "export_id": export.export_id,
            "exported_at": work.now,
            "staff_code": export.staff_code,
            "unit": export.unit,
            "what": export.what,
            "format": export.format,
            "purpose": export.purpose,
            "filters": orjson.dumps(dict(export.filters)).decode(),
            "rows": export.rows,
            "policy_version": export.policy_version,
        },
    )


def with_customers(sql: str) -> str:
    """The rows of `sql` with ID and name of their customers, where the caller may see them."""
    return f"""
SELECT found.*, c.customer_id, c.name AS customer_name FROM ({sql}) found
LEFT JOIN kit.customers c ON c.customer_key = found.customer_key
    AND {visible("money", "c.customer_key")}
"""
