"""Customers whom somebody decided to leave alone for some time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from shared.errors import NotFound
from shared.work import Work

_ADD = """
INSERT INTO dunning_exclusions (exclusion_id, customer_key, from_on, until_on, reason, excluded_by,
    ended_by, version, recorded_at)
VALUES (:exclusion_id, :customer_key, :from_on, :until_on, :reason, :excluded_by, :ended_by,
    :version, :recorded_at)
"""
_HELD = """
SELECT exclusion_id, customer_key, from_on, until_on, reason, excluded_by, ended_by, version
FROM dunning_exclusions WHERE exclusion_id = :exclusion_id FOR UPDATE
"""
_END = """
UPDATE dunning_exclusions SET until_on = :until_on, ended_by = :ended_by, version = :version
WHERE exclusion_id = :exclusion_id
"""


class UnknownExclusion(NotFound):
    """No such exclusion, or none that the caller may know of."""

    code = "unknown-dunning-exclusion"
    title_zh = "没有此免催记录"
    title_en = "No such exclusion from dunning"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A customer is not dunned from the first to the last day, both included; None: open end."""

    exclusion_id: UUID
    customer_key: UUID
    from_on: date
    until_on: date | None
    reason: str
    excluded_by: str
    ended_by: str | None = None
    version: int = 1


async def add(work: Work, exclusion: Exclusion) -> None:
    """Keep a new exclusion."""
    await work.run(_ADD, {**asdict(exclusion), "recorded_at": work.now})


async def held(work: Work, exclusion_id: UUID) -> Exclusion:
    """The exclusion, locked until the work ends; raises UnknownExclusion."""
    row = await work.row(_HELD, exclusion_id=exclusion_id)
    if row is None:
        raise UnknownExclusion(
            "没有这一项，或您无权知悉", "there is no such thing, or none that you may know of"
        )
    return Exclusion(**row)


async def end(work: Work, exclusion: Exclusion) -> None:
    """Keep the last day that an exclusion has got, and from whom."""
    await work.run(_END, asdict(exclusion))
