"""Region classes: what the policy says, and the cities that were reclassified since (R-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert

from services.registry.domain.centres.region_classes import (
    Reclassification,
    RegionClasses,
    class_on,
)
from services.registry.storage import tables
from shared.policy import timeline
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Classification:
    """Everything that classified some cities: the policies, and the changes city by city."""

    policies: Sequence[tuple[date, RegionClasses]]
    changes: dict[str, list[Reclassification]]

    def class_on(self, division_code: str, on: date) -> int | None:
        """The class of a city that was asked for, on `on`; None when it has none (R-11)."""
        return class_on(division_code, self.policies, self.changes.get(division_code, []), on)


async def classification(work: Work, division_codes: Sequence[str]) -> Classification:
    """What classified `division_codes`, on every day."""
    kept = await timeline(work, RegionClasses)
    first = min((each.effective_on for each in kept.versions), default=date.min)
    return Classification(
        [(day, each.body) for day, each in kept.changes(first, date.max)] if kept.versions else [],
        await _changes(work, division_codes),
    )


async def cities(work: Work) -> list[str]:
    """The divisions of all cities that were ever classified."""
    kept = await timeline(work, RegionClasses)
    named = {code for each in kept.versions for one in each.body.classes for code in one.divisions}
    rows = await work.rows("SELECT DISTINCT division_code FROM region_classes")
    return sorted(named | {row["division_code"] for row in rows})


async def lock(work: Work, division_code: str) -> None:
    """Let one work at a time reclassify the city."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('region ' || :code, 0))",
        {"code": division_code},
    )


async def add(work: Work, change: Reclassification, author: str, reason: str) -> None:
    """Add a change of one city's class."""
    await work.run(
        insert(tables.region_classes).values(
            division_code=change.division_code,
            version=change.version,
            region_class=change.region_class,
            effective_on=change.effective_on,
            author=author,
            reason=reason,
            recorded_at=work.now,
        )
    )


async def _changes(work: Work, division_codes: Sequence[str]) -> dict[str, list[Reclassification]]:
    rows = await work.rows(
        "SELECT division_code, region_class, effective_on, version FROM region_classes"
        " WHERE division_code = ANY(:codes) ORDER BY division_code, version",
        codes=sorted(set(division_codes)),
    )
    found: dict[str, list[Reclassification]] = {}
    for row in rows:
        found.setdefault(row["division_code"], []).append(Reclassification(**row))
    return found
