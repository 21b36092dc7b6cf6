"""A unit of the organisation is founded (R-01)."""

from __future__ import annotations

from dataclasses import dataclass

from services.registry.domain.centres.organisation import Unit, place
from services.registry.domain.register.divisions import require_in_force
from services.registry.handlers.publishing import tell, unit_changed
from services.registry.storage.centres import organisation
from services.registry.storage.register.divisions import divisions
from shared.errors import Conflict
from shared.work import Work


class UnitExists(Conflict):
    """The code is taken; codes are never given to another unit."""

    code = "unit-exists"
    rule = "R-01"
    title_zh = "机构代码已存在"
    title_en = "Unit exists"


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit to found and the division that it covers, if it covers one."""

    unit: Unit
    division_code: str | None = None


async def handle(work: Work, command: FoundUnit) -> None:
    """Place the unit below its parent (R-01, R-03); raises UnitExists, UnitOutOfPlace."""
    unit = command.unit
    above = await organisation.lineage(work, [unit.parent])
    if await organisation.exists(work, unit.code):
        raise UnitExists(
            f"机构代码 {unit.code} 已存在",
            f"there is a unit {unit.code} already",
            pointer="/unit",
        )
    place(unit, None if unit.parent is None else above.unit(unit.parent))
    if command.division_code is not None:
        require_in_force(divisions, command.division_code, work.today, "/division_code")
    await organisation.keep(work, unit, command.division_code, version=1)
    await tell(work, unit_changed(unit, command.division_code, version=1))
