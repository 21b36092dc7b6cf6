"""The grants of a customer as last published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.registry.domain.belonging.scope import Aspect, Grant, Presence
from services.registry.domain.belonging.timelines import spans
from services.registry.storage import tables
from services.registry.storage.belonging.ownership import ownership_from
from shared.work import Work


async def current(work: Work, customer_key: UUID) -> tuple[tuple[Grant, ...], int]:
    """The grants and their version; ((), 0) before the first."""
    row = await work.row("SELECT * FROM scopes WHERE customer_key = :key", key=customer_key)
    return ((), 0) if row is None else (grants_from_json(row["grants"]), row["version"])


async def keep(work: Work, customer_key: UUID, grants: Sequence[Grant], version: int) -> None:
    """Keep the grants as they are being published."""
    values = row_of(work, customer_key, grants, version)
    statement = insert(tables.scopes).values(values)
    await work.run(statement.on_conflict_do_update(index_elements=["customer_key"], set_=values))


def row_of(
    work: Work, customer_key: UUID, grants: Sequence[Grant], version: int
) -> dict[str, object]:
    """The row of the grants."""
    return {
        "customer_key": customer_key,
        "version": version,
        "grants": [_to_json(grant) for grant in grants],
        "recorded_at": work.now,
    }


async def branch_owners(work: Work, head_office_key: UUID) -> list[Presence]:
    """Which units own branches of the head office, and when."""
    rows = await work.rows(
        "SELECT ownerships.* FROM ownerships JOIN customers USING (customer_key)"
        " WHERE head_office_key = :key ORDER BY customer_key, ownerships.version",
        key=head_office_key,
    )
    return [
        Presence(span.held.owner_unit, span.from_on, span.until_on)
        for _, branch in groupby(rows, key=lambda row: row["customer_key"])
        for span in spans([ownership_from(row) for row in branch])
    ]


def grants_from_json(stored: Sequence[dict[str, str | None]]) -> tuple[Grant, ...]:
    """The grants that were stored."""
    return tuple(
        Grant(
            str(grant["unit"]),
            Aspect(str(grant["aspect"])),
            date.fromisoformat(str(grant["from_on"])),
            None if grant["until_on"] is None else date.fromisoformat(grant["until_on"]),
        )
        for grant in stored
    )


def _to_json(grant: Grant) -> dict[str, str | None]:
    return {
        "unit": grant.unit,
        "aspect": grant.aspect.value,
        "from_on": grant.from_on.isoformat(),
        "until_on": None if grant.until_on is None else grant.until_on.isoformat(),
    }
