"""Decided breaches of limits; one is withdrawn beside, never altered (E-39)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from services.engagement.domain.complaints.clocks import Key
from services.engagement.domain.complaints.service_levels import Stage
from services.engagement.storage import tables
from shared.identifiers import derived_id
from shared.work import Work


@dataclass(frozen=True)
class DecidedBreach:
    """What was decided, or what became of it; the newest version holds."""

    complaint_id: UUID
    round: int
    stage: Stage
    version: int
    is_withdrawn: bool
    as_of: date
    due_at: datetime
    level: int
    unit: str | None
    levels_version: int
    inputs: dict[str, Any]

    @property
    def key(self) -> Key:
        """Of which clock of its case."""
        return (self.round, self.stage)

    @property
    def breach_id(self) -> UUID:
        """The same for all versions."""
        return derived_id("breach", self.complaint_id, self.round, self.stage.value)


async def of_cases(
    work: Work, complaint_ids: Sequence[UUID]
) -> dict[UUID, dict[Key, DecidedBreach]]:
    """The newest version of every breach decided about these cases."""
    rows = await work.rows(
        "SELECT DISTINCT ON (complaint_id, round, stage) complaint_id, round, stage, version,"
        " is_withdrawn, as_of, due_at, level, unit, levels_version, inputs"
        " FROM complaint_breaches WHERE complaint_id = ANY(:ids)"
        " ORDER BY complaint_id, round, stage, version DESC",
        ids=list(complaint_ids),
    )
    found: dict[UUID, dict[Key, DecidedBreach]] = {}
    for row in rows:
        breach = DecidedBreach(**{**row, "stage": Stage(row["stage"])})
        found.setdefault(breach.complaint_id, {})[breach.key] = breach
    return found


async def add(work: Work, breaches: Sequence[DecidedBreach]) -> None:
    """Keep these versions beside what was decided before."""
    if breaches:
        await work.run(
            insert(tables.complaint_breaches),
            [
                {
                    "complaint_id": breach.complaint_id,
                    "round": breach.round,
                    "stage": breach.stage.value,
                    "version": breach.version,
                    "breach_id": breach.breach_id,
                    "is_withdrawn": breach.is_withdrawn,
                    "as_of": breach.as_of,
                    "due_at": breach.due_at,
                    "level": breach.level,
                    "unit": breach.unit,
                    "levels_version": breach.levels_version,
                    "inputs": breach.inputs,
                    "recorded_at": work.now,
                }
                for breach in breaches
            ],
        )
