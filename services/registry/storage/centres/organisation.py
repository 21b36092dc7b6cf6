"""Units: the truth in `units`, who stands above whom in the directory's closure."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert

from services.registry.domain.centres.organisation import Level, Organisation, Unit, UnitKind
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work


async def lineage(work: Work, codes: Iterable[str | None]) -> Organisation:
    """The units called `codes`, with all units above them; unknown ones are left out."""
    rows = await work.rows(
        "SELECT DISTINCT unit, name, level, kind, parent FROM kit.units WHERE unit IN"
        " (SELECT ancestor FROM kit.unit_closure WHERE unit = ANY(:codes))",
        codes=sorted({code for code in codes if code is not None}),
    )
    return Organisation(_unit(row) for row in rows)


async def load(work: Work, code: str) -> tuple[Unit, str | None, int]:
    """The unit, its division and its version, held until the work ends; raises NotFound."""
    row = await work.row("SELECT * FROM units WHERE unit = :code FOR UPDATE", code=code)
    if row is None:
        raise NotFound(f"没有机构 {code}", f"there is no unit {code}")
    return _unit(row), row["division_code"], row["version"]


async def exists(work: Work, code: str) -> bool:
    """Whether a unit of that code is known."""
    return await work.value("SELECT 1 FROM units WHERE unit = :code", code=code) is not None


async def known(work: Work, codes: Iterable[str]) -> set[str]:
    """Those units that the directory has; hold their references before, to wait for the others."""
    rows = await work.bulk(
        "SELECT unit FROM kit.units WHERE unit = ANY(%s::text[])", sorted(set(codes))
    )
    return {unit for (unit,) in rows}


async def keep(work: Work, unit: Unit, division_code: str | None, version: int) -> None:
    """Add the unit, or give it its newest state."""
    values = {
        "unit": unit.code,
        "name": unit.name,
        "parent": unit.parent,
        "level": unit.level.value,
        "kind": unit.kind.value,
        "division_code": division_code,
        "version": version,
        "recorded_at": work.now,
    }
    statement = insert(tables.units).values(values)
    await work.run(statement.on_conflict_do_update(index_elements=["unit"], set_=values))


def _unit(row: RowMapping) -> Unit:
    return Unit(row["unit"], row["name"], Level(row["level"]), UnitKind(row["kind"]), row["parent"])
