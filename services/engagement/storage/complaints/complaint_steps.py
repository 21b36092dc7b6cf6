"""The history of cases: every step, and the words that belong to it, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.work import Work

_ADD = """
INSERT INTO complaint_steps (complaint_id, number, step, happened_at, staff_code, unit, level,
                             words, recorded_at)
SELECT told.complaint_id,
       (SELECT coalesce(max(number), 0) FROM complaint_steps known
        WHERE known.complaint_id = told.complaint_id)
       + row_number() OVER (PARTITION BY told.complaint_id ORDER BY told.place),
       told.step, told.happened_at, told.staff_code, told.unit, told.level, told.words,
       %s::timestamptz
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::int4[],
            %s::bytea[])
    WITH ORDINALITY
    AS told (complaint_id, step, happened_at, staff_code, unit, level, words, place)
"""


@dataclass(frozen=True)
class CaseStep:
    """One step; `staff_code` None: a sweep, or another system."""

    complaint_id: UUID
    step: str
    happened_at: datetime
    staff_code: str | None = None
    unit: str | None = None
    level: int = 0
    words: str = ""


async def add(work: Work, steps: Sequence[CaseStep]) -> None:
    """Add these steps, in order; their cases are locked."""
    if steps:
        await work.bulk(
            _ADD,
            work.now,
            [step.complaint_id for step in steps],
            [step.step for step in steps],
            [step.happened_at for step in steps],
            [step.staff_code for step in steps],
            [step.unit for step in steps],
            [step.level for step in steps],
            [work.box.seal(step.words.encode()) if step.words else None for step in steps],
        )


async def with_words(work: Work, complaint_id: UUID) -> tuple[str, list[tuple[Any, str]]]:
    """What the customer said, and every step with its words, oldest first."""
    said = await work.value(
        "SELECT words FROM complaints WHERE complaint_id = :id", id=complaint_id
    )
    rows = await work.rows(
        "SELECT number, step, happened_at, staff_code, unit, level, words FROM complaint_steps"
        " WHERE complaint_id = :id ORDER BY number",
        id=complaint_id,
    )
    return _opened(work, said), [(row, _opened(work, row["words"])) for row in rows]


def _opened(work: Work, sealed: bytes | None) -> str:
    return work.box.open(bytes(sealed)).decode() if sealed else ""
