"""Time limits of complaints by kind, tier and stage, and how they escalate (E-39, E-40)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import ClassVar


class Stage(StrEnum):
    """What has to be done in time, counted from where the stage begins."""

    ACCEPT = "accept"
    ANSWER = "answer"
    RESOLVE = "resolve"
    CALL_BACK = "call-back"


class LimitUnit(StrEnum):
    """How a time limit is counted: in opening hours, in whole working days, or by the clock."""

    WORKING_HOURS = "working-hours"
    WORKING_DAYS = "working-days"
    HOURS = "hours"


@dataclass(frozen=True)
class Limit:
    """A time limit; working days end with the day, working hours with the hour."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("时限不得为负 / a time limit is not negative")


@dataclass(frozen=True)
class Due:
    """When a limit ends; provisional while a year on the way is not announced."""

    at: datetime
    is_provisional: bool


Reckon = Callable[[datetime, Limit], Due]
"""Counts a limit from an instant on, by the working calendar and the hours of the policy."""


@dataclass(frozen=True)
class OpeningSpan:
    """A stretch of a working day, in the site's local time."""

    opens: time
    closes: time


@dataclass(frozen=True)
class LimitRow:
    """The limit of one stage for these kinds and these tiers; none named means any."""

    stage: Stage
    limit: Limit
    kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()

    def covers(self, stage: Stage, kind: str, tier: str | None) -> bool:
        """Whether the row is for a case of this `kind` by a customer of this `tier`."""
        return (
            self.stage is stage
            and (not self.kinds or kind in self.kinds)
            and (not self.tiers or tier in self.tiers)
        )

    @property
    def precision(self) -> int:
        """A row that names tiers goes before one that names kinds, and that before one for all."""
        return 2 * bool(self.tiers) + bool(self.kinds)


@dataclass(frozen=True)
class EscalationLevel:
    """One level: who is told, and how long after a limit passed; None: only a person goes there.

    The last level is external: the regulator (E-39).
    """

    name: str
    after: Limit | None = None
    is_external: bool = False


@dataclass(frozen=True)
class ServiceLevels:
    """Which limits hold, in which hours, by the tiers of which scheme, and how they escalate.

    After `call_back_attempts` calls that nobody answered a resolved case is closed.
    """

    policy_name: ClassVar[str] = "complaint-service-levels"

    scheme: str
    hours: tuple[OpeningSpan, ...]
    rows: tuple[LimitRow, ...]
    levels: tuple[EscalationLevel, ...]
    call_back_attempts: int

    def __post_init__(self) -> None:
        ends = [end for span in self.hours for end in (span.opens, span.closes)]
        if not ends or ends != sorted(set(ends)):
            raise ValueError(
                "工作时段须按顺序且不相接 / opening hours are spans in order that do not touch"
            )
        external = [level.is_external for level in self.levels]
        if external.count(True) != 1 or not external[-1]:
            raise ValueError(
                "只有最后一级是外部监管机构 / the last level, and no other, is external"
            )
        if self.call_back_attempts < 1:
            raise ValueError("至少回访一次 / at least one call-back")

    def limit(self, stage: Stage, kind: str, tier: str | None) -> Limit | None:
        """The limit of `stage`: of all rows that cover the case, the most precise, then the first.

        None: no row covers it, so nothing is promised.
        """
        covering = [row for row in self.rows if row.covers(stage, kind, tier)]
        return max(covering, key=lambda row: row.precision).limit if covering else None

    @property
    def highest_automatic_level(self) -> int:
        """The level up to which cases climb by themselves; beyond it only a person takes them."""
        by_person = (place for place, level in enumerate(self.levels) if level.after is None)
        return next(by_person, len(self.levels))

    def level_reached(self, due: Due, now: datetime, reckon: Reckon) -> int:
        """How many levels a limit that ended at `due` and still runs has reached by `now`.

        Each level counts from `due`; one that only a person goes to ends the climb, and nothing is
        reached on a provisional calendar.
        """
        reached = 0
        for level in self.levels:
            if level.after is None or due.is_provisional:
                break
            step = reckon(due.at, level.after) if level.after.amount else due
            if step.is_provisional or step.at > now:
                break
            reached += 1
        return reached
