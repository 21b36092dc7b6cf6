"""A unit gets another name or covers another division; its place stays (R-01)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.registry.domain.centres.centre_names import CentreOrganisation, require_name
from services.registry.domain.centres.organisation import UnitRecord
from services.registry.domain.centres.specialty_centres import require_bureau
from services.registry.domain.register.divisions import require_in_force
from services.registry.handlers.centres import classify_regions
from services.registry.handlers.publishing import tell, unit_changed
from services.registry.storage.centres import organisation
from services.registry.storage.register.divisions import known_divisions
from shared.http.versions import require_version
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AmendUnit:
    """The new name and division of a unit of which the caller saw `expected_version`.

    A trade left out stays.
    """

    code: str
    name: str
    division_code: str | None
    expected_version: int
    specialty: str | None = None


async def handle(work: Work, command: AmendUnit) -> None:
    """Give the unit its new name and division.

    Raises NotFound, StaleVersion, CentreMisnamed (R-02), NotASpecialtyBureau (R-06).
    """
    known = await organisation.load(work, command.code)
    require_version(command.expected_version, known.version)
    naming = await in_force(work, CentreOrganisation, work.today)
    renamed = require_name(replace(known.unit, name=command.name), naming.body, naming.version)
    if command.specialty is not None:
        require_bureau(renamed, command.specialty)
    if command.division_code is not None and command.division_code != known.division_code:
        divisions = await known_divisions(work, [command.division_code])
        require_in_force(divisions, command.division_code, work.today, "/division_code")
    amended = UnitRecord(
        *(renamed, command.division_code, command.specialty or known.specialty),
        version=known.version + 1,
    )
    record = await classify_regions.classified(work, amended, work.today)
    await organisation.keep(work, record)
    await tell(work, unit_changed(record))
