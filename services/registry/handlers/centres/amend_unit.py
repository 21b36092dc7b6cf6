"""A unit gets another name or covers another division; its place stays (R-01)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.registry.domain.register.divisions import require_in_force
from services.registry.handlers.publishing import tell, unit_changed
from services.registry.storage.centres import organisation
from services.registry.storage.register.divisions import divisions
from shared.http.versions import require_version
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AmendUnit:
    """The new name and division of a unit of which the caller saw `expected_version`."""

    code: str
    name: str
    division_code: str | None
    expected_version: int


async def handle(work: Work, command: AmendUnit) -> None:
    """Give the unit its new name and division; raises NotFound, StaleVersion."""
    unit, division_code, version = await organisation.load(work, command.code)
    require_version(command.expected_version, version)
    renamed = replace(unit, name=command.name)
    if command.division_code is not None and command.division_code != division_code:
        require_in_force(divisions, command.division_code, work.today, "/division_code")
    await organisation.keep(work, renamed, command.division_code, version + 1)
    await tell(work, unit_changed(renamed, command.division_code, version + 1))
