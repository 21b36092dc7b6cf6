"""A unit of the organisation is founded (R-01)."""

from __future__ import annotations

from dataclasses import dataclass

from services.registry.domain.centres.centre_names import CentreOrganisation, require_name
from services.registry.domain.centres.organisation import Unit, UnitRecord, place
from services.registry.domain.centres.specialty_centres import require_bureau
from services.registry.domain.register.divisions import require_in_force
from services.registry.handlers.centres import classify_regions
from services.registry.handlers.publishing import tell, unit_changed
from services.registry.storage.centres import organisation
from services.registry.storage.register.divisions import known_divisions
from shared.errors import Conflict
from shared.policy import in_force
from shared.work import Work


class UnitExists(Conflict):
    """The code is taken; codes are never given to another unit."""

    code = "unit-exists"
    rule = "R-01"
    title_zh = "机构代码已存在"
    title_en = "Unit exists"


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit to found, the division that it covers and its trade, if it has one (R-06)."""

    unit: Unit
    division_code: str | None = None
    specialty: str | None = None


async def handle(work: Work, command: FoundUnit) -> None:
    """Place the unit below its parent (R-01, R-03).

    Raises UnitExists, UnitOutOfPlace, CentreMisnamed (R-02), NotASpecialtyBureau (R-06).
    """
    unit = command.unit
    above = await organisation.lineage(work, [unit.parent])
    if await organisation.exists(work, unit.code):
        raise UnitExists(
            f"机构代码 {unit.code} 已存在",
            f"there is a unit {unit.code} already",
            pointer="/unit",
        )
    place(unit, None if unit.parent is None else above.unit(unit.parent))
    naming = await in_force(work, CentreOrganisation, work.today)
    require_name(unit, naming.body, naming.version)
    if command.specialty is not None:
        require_bureau(unit, command.specialty)
    if command.division_code is not None:
        divisions = await known_divisions(work, [command.division_code])
        require_in_force(divisions, command.division_code, work.today, "/division_code")
    founded = UnitRecord(unit, command.division_code, command.specialty)
    record = await classify_regions.classified(work, founded, work.today)
    await organisation.keep(work, record)
    await tell(work, unit_changed(record))
