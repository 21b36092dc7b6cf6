"""A city gets another region class, today or on the day when a change takes effect (R-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.registry.domain.belonging.timelines import next_version
from services.registry.domain.centres.organisation import UnitRecord
from services.registry.domain.centres.region_classes import (
    Reclassification,
    RegionClasses,
    is_classified,
    require_class,
)
from services.registry.domain.register.divisions import require_in_force
from services.registry.handlers.publishing import tell, unit_changed
from services.registry.storage.centres import organisation, region_classes
from services.registry.storage.register.divisions import divisions
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ReclassifyCity:
    """The class of a city from `effective_on`, a day that may still come; who says so and why."""

    division_code: str
    region_class: int
    effective_on: date
    author: str
    reason: str


async def handle(work: Work, command: ReclassifyCity) -> Reclassification:
    """Add the change and publish it once its day has come (R-11).

    Raises UnknownRegionClass, UnknownDivision, RetiredDivision.
    """
    code = command.division_code
    policy = await in_force(work, RegionClasses, max(command.effective_on, work.today))
    require_class(policy.body, command.region_class)
    require_in_force(divisions, code, work.today, "/division_code")
    await region_classes.lock(work, code)
    known = await region_classes.classification(work, [code])

    version = next_version(known.changes.get(code, []))
    change = Reclassification(code, command.region_class, command.effective_on, version)

    await region_classes.add(work, change, command.author, command.reason)
    await follow(work, work.today)
    return change


async def follow(work: Work, on: date) -> int:
    """Publish every city whose class is another one on `on` than was told; how many (R-11)."""
    known = await organisation.cities(work)
    changed = [
        replace(now, version=now.version + 1)
        for before, now in zip(known, await _classified(work, known, on), strict=True)
        if now.region_class != before.region_class
    ]
    for record in changed:
        await organisation.keep(work, record)
    await tell(work, *(unit_changed(record) for record in changed))
    return len(changed)


async def classified(work: Work, record: UnitRecord, on: date) -> UnitRecord:
    """The unit with the region class that it has on `on` (R-11)."""
    (now,) = await _classified(work, [record], on)
    return now


async def _classified(work: Work, records: Sequence[UnitRecord], on: date) -> list[UnitRecord]:
    codes = [record.division_code or "" for record in records]
    known = await region_classes.classification(work, codes)
    return [
        replace(
            record, region_class=known.class_on(code, on) if is_classified(record.unit) else None
        )
        for record, code in zip(records, codes, strict=True)
    ]
