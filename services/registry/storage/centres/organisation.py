"""Units: the truth in `units`, who stands above whom in the directory's closure."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert

from services.registry.domain.centres.organisation import (
    Level,
    Organisation,
    Unit,
    UnitKind,
    UnitRecord,
)
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


async def load(work: Work, code: str) -> UnitRecord:
    """The unit and what is kept of it, held until the work ends; raises NotFound."""
    row = await work.row("SELECT * FROM units WHERE unit = :code FOR UPDATE", code=code)
    if row is None:
        raise NotFound(f"没有机构 {code}", f"there is no unit {code}")
    return _record(row)


async def cities(work: Work) -> list[UnitRecord]:
    """Every city, in order of its code, held until the work ends (R-11)."""
    rows = await work.rows(
        "SELECT * FROM units WHERE level = 'city' AND kind = 'territorial' ORDER BY unit FOR UPDATE"
    )
    return [_record(row) for row in rows]


async def city_of_division(work: Work, division_code: str) -> str | None:
    """The city centre in whose prefecture a division lies, by the first four digits."""
    city: str | None = await work.value(
        "SELECT unit FROM units WHERE level = 'city' AND kind = 'territorial'"
        " AND left(division_code, 4) = left(:division, 4) ORDER BY unit LIMIT 1",
        division=division_code,
    )
    return city


async def exists(work: Work, code: str) -> bool:
    """Whether a unit of that code is known."""
    return await work.value("SELECT 1 FROM units WHERE unit = :code", code=code) is not None


async def known(work: Work, codes: Iterable[str]) -> set[str]:
    """Those units that the directory has; hold their references before, to wait for the others."""
    rows = await work.bulk(
        "SELECT unit FROM kit.units WHERE unit = ANY(%s::text[])", sorted(set(codes))
    )
    return {unit for (unit,) in rows}


async def keep(work: Work, record: UnitRecord) -> None:
    """Add the unit, or give it its newest state."""
    unit = record.unit
    values = {
        "unit": unit.code,
        "name": unit.name,
        "parent": unit.parent,
        "level": unit.level.value,
        "kind": unit.kind.value,
        "division_code": record.division_code,
        "specialty": record.specialty,
        "region_class": record.region_class,
        "version": record.version,
        "recorded_at": work.now,
    }
    statement = insert(tables.units).values(values)
    await work.run(statement.on_conflict_do_update(index_elements=["unit"], set_=values))


def _record(row: RowMapping) -> UnitRecord:
    return UnitRecord(
        _unit(row), row["division_code"], row["specialty"], row["region_class"], row["version"]
    )


def _unit(row: RowMapping) -> Unit:
    return Unit(row["unit"], row["name"], Level(row["level"]), UnitKind(row["kind"]), row["parent"])
