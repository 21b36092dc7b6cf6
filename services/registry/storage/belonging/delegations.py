"""Authority lent to units below, with its end (R-42)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import RowMapping, insert

from services.registry.domain.belonging.jurisdiction import Delegation, Power
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_ABOVE = """
SELECT d.*, covered.unit AS of_unit FROM delegations d
JOIN kit.unit_closure covered ON covered.ancestor = d.from_unit
WHERE covered.unit = ANY(:units) ORDER BY d.from_on, d.delegation_id
"""
_DISPUTED = """
SELECT DISTINCT customer_key FROM disputes
JOIN kit.unit_closure covered ON covered.unit = disputes.ruling_unit
WHERE covered.ancestor = :unit AND state = 'open' ORDER BY customer_key
"""


class UnknownDelegation(NotFound):
    """No such delegation, or none that the caller may know of."""

    code = "unknown-delegation"
    rule = "R-42"
    title_zh = "委托不存在"
    title_en = "Unknown delegation"


async def load(work: Work, delegation_id: UUID) -> Delegation:
    """The delegation, held until the work ends; raises UnknownDelegation."""
    row = await work.row(
        "SELECT * FROM delegations WHERE delegation_id = :id FOR UPDATE", id=delegation_id
    )
    if row is None:
        raise UnknownDelegation(
            f"没有委托 {delegation_id}", f"there is no delegation {delegation_id}"
        )
    return delegation_from(row)


async def to(work: Work, unit: str) -> list[Delegation]:
    """Every delegation that `unit` ever had."""
    rows = await work.rows(
        "SELECT * FROM delegations WHERE to_unit = :unit ORDER BY from_on, delegation_id",
        unit=unit,
    )
    return [delegation_from(row) for row in rows]


async def by_units_above(work: Work, units: Collection[str]) -> dict[str, list[Delegation]]:
    """By each of `units`: every delegation that it or a centre above it ever granted."""
    found: dict[str, list[Delegation]] = {}
    for row in await work.rows(_ABOVE, units=sorted(units)):
        found.setdefault(row["of_unit"], []).append(delegation_from(row))
    return found


async def disputed_below(work: Work, unit: str) -> list[UUID]:
    """Customers in a dispute that `unit` or a centre below it rules, in order of key."""
    return [row["customer_key"] for row in await work.rows(_DISPUTED, unit=unit)]


async def add(work: Work, delegation: Delegation, granted: tuple[str, str]) -> None:
    """Add a delegation; `granted` is by whom and why."""
    by, reason = granted
    await work.run(
        insert(tables.delegations).values(
            delegation_id=delegation.delegation_id,
            from_unit=delegation.from_unit,
            to_unit=delegation.to_unit,
            powers=[power.value for power in delegation.powers],
            from_on=delegation.from_on,
            until_on=delegation.until_on,
            granted_by=by,
            granted_on=work.today,
            reason=reason,
            version=delegation.version,
            recorded_at=work.now,
        )
    )


async def save_revocation(work: Work, delegation: Delegation, by: str) -> None:
    """Keep that the delegation, which must be loaded, was revoked."""
    await work.run(
        "UPDATE delegations SET revoked_on = :on, revoked_by = :by, version = :version"
        " WHERE delegation_id = :id",
        {
            "on": delegation.revoked_on,
            "by": by,
            "version": delegation.version,
            "id": delegation.delegation_id,
        },
    )


def delegation_from(row: RowMapping) -> Delegation:
    """The delegation that a row of the table says."""
    return Delegation(
        delegation_id=row["delegation_id"],
        from_unit=row["from_unit"],
        to_unit=row["to_unit"],
        powers=tuple(Power(power) for power in row["powers"]),
        from_on=row["from_on"],
        until_on=row["until_on"],
        revoked_on=row["revoked_on"],
        version=row["version"],
    )
