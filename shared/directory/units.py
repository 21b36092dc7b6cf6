"""Units as registry knows them, and which of them stand above which."""

from __future__ import annotations

from shared.contracts.registry import UnitChanged
from shared.directory.newest import newest
from shared.messaging.cloudevents import Fact
from shared.work import Work

_UPSERT = """
INSERT INTO kit.units AS held
    (unit, parent, level, kind, name, division_code, region_class, closed_on, version)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                     %s::int4[], %s::date[], %s::int4[])
ON CONFLICT (unit) DO UPDATE
    SET parent = excluded.parent, level = excluded.level, kind = excluded.kind,
        name = excluded.name, division_code = excluded.division_code,
        region_class = excluded.region_class, closed_on = excluded.closed_on,
        version = excluded.version
    WHERE held.version < excluded.version
RETURNING unit
"""

# A unit under itself would walk for ever, so a walk ends where it has been.
_WALK = """
WITH RECURSIVE walk (unit, ancestor, seen) AS (
    SELECT unit, unit, ARRAY[unit] FROM kit.units
    UNION ALL
    SELECT walk.unit, above.parent, walk.seen || above.parent
    FROM walk JOIN kit.units above ON above.unit = walk.ancestor
    WHERE above.parent IS NOT NULL AND above.parent <> ALL (walk.seen)
)
"""
_DROP = f"""
{_WALK}
DELETE FROM kit.unit_closure held
WHERE NOT EXISTS (SELECT FROM walk
                  WHERE walk.unit = held.unit AND walk.ancestor = held.ancestor)
"""
_ADD = f"""
{_WALK}
INSERT INTO kit.unit_closure (ancestor, unit) SELECT ancestor, unit FROM walk
ON CONFLICT DO NOTHING
"""


async def follow(work: Work, facts: list[Fact[UnitChanged]]) -> None:
    """Keep the newest version of every unit, recompute who is above whom, wake what waited.

    Facts may wait on ("unit", code).
    """
    # One at a time: two that recompute the closure would each miss the other's units.
    await work.run("SELECT pg_advisory_xact_lock(hashtextextended('kit.unit_closure', 0))")
    units = newest(facts, lambda unit: unit.unit)
    changed = await work.bulk(
        _UPSERT,
        [unit.unit for unit in units],
        [unit.parent for unit in units],
        [unit.level.value for unit in units],
        [unit.kind for unit in units],
        [unit.name for unit in units],
        [unit.division_code for unit in units],
        [unit.region_class for unit in units],
        [unit.closed_on for unit in units],
        [unit.entity.version for unit in units],
    )
    if changed:
        await work.run(_DROP)
        await work.run(_ADD)
        await work.settle("unit", [unit for (unit,) in changed])


async def level_of(work: Work, unit: str) -> str | None:
    """The level of `unit` in the organisation; None when it is unknown."""
    level: str | None = await work.value(
        "SELECT level FROM kit.units WHERE unit = :unit", unit=unit
    )
    return level


async def is_specialty(work: Work, unit: str) -> bool:
    """Whether `unit` is a specialty bureau."""
    kind = await work.value("SELECT kind FROM kit.units WHERE unit = :unit", unit=unit)
    return bool(kind == "specialty")


async def above(work: Work, unit: str) -> list[str]:
    """`unit` and all units above it, the nearest first; empty when it is unknown."""
    rows = await work.rows(
        "SELECT ancestor FROM kit.unit_closure WHERE unit = :unit"
        " ORDER BY (SELECT count(*) FROM kit.unit_closure up"
        " WHERE up.unit = unit_closure.ancestor) DESC",
        unit=unit,
    )
    return [row["ancestor"] for row in rows]
