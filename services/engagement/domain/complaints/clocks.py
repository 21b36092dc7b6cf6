"""The clocks of a case: what runs until when, what passed unkept, and what that leads to (E-39).

A clock is a function of the case, the service levels and the customer's tier. That a limit was
breached is a decision: it is taken by sweep, never on a provisional calendar, and when a later
fact shows that it was kept after all, a revision stands beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.engagement.domain.complaints.complaints import Complaint, Round
from services.engagement.domain.complaints.service_levels import Due, Reckon, ServiceLevels, Stage

Key = tuple[int, Stage]
"""A clock within its case: the round and the stage."""


@dataclass(frozen=True)
class Clock:
    """The time limit of one stage in one round."""

    round: int
    stage: Stage
    started_at: datetime
    due_at: datetime
    is_provisional: bool
    stopped_at: datetime | None = None

    @property
    def key(self) -> Key:
        """What it is called within its case."""
        return (self.round, self.stage)

    def is_breached(self, by: datetime) -> bool:
        """Whether the limit had ended unkept at the instant `by`, for certain.

        A limit that ends at midnight is decided by the day that begins then.
        """
        is_unkept = self.stopped_at is None or self.stopped_at > self.due_at
        return not self.is_provisional and self.due_at <= by and is_unkept


def in_order(running: Iterable[Clock]) -> tuple[Clock, ...]:
    """Clocks by round, then by what is due first."""
    return tuple(sorted(running, key=lambda clock: (clock.round, clock.due_at, clock.stage)))


def clocks(case: Complaint, levels: ServiceLevels, tier: str | None, reckon: Reckon) -> list[Clock]:
    """The clocks of all rounds of `case`, by the tier its customer had when it was opened.

    Imported history has none: it raises no deadlines.
    """
    if case.is_imported:
        return []
    return [
        clock
        for taken_up in case.rounds
        for clock in _of_round(taken_up, case, levels, tier, reckon)
    ]


@dataclass(frozen=True)
class Breach:
    """A clock that passed unkept."""

    complaint_id: UUID
    clock: Clock


def breaches(
    case: Complaint, running: Sequence[Clock], decided: Collection[Key], by: datetime
) -> list[Breach]:
    """The breaches to be decided at `by` that were not decided yet."""
    return [
        Breach(case.complaint_id, clock)
        for clock in running
        if clock.key not in decided and clock.is_breached(by)
    ]


@dataclass(frozen=True)
class Review:
    """What became of decided breaches: those that no longer stand, and those that do again."""

    withdrawn: tuple[Key, ...]
    reinstated: tuple[Key, ...]


def review(running: Sequence[Clock], decided: Mapping[Key, bool], by: datetime) -> Review:
    """Hold the breaches decided so far (and whether each stands) against what is known now.

    A late fact may show that a limit was kept, or that it never was; the decision is not altered,
    and should that fact be taken back, it holds again.
    """
    breached = {clock.key for clock in running if clock.is_breached(by)}
    return Review(
        tuple(sorted(key for key, stands in decided.items() if stands and key not in breached)),
        tuple(sorted(key for key, stands in decided.items() if not stands and key in breached)),
    )


def level_of(
    case: Complaint, levels: ServiceLevels, running: Sequence[Clock], by: datetime, reckon: Reckon
) -> int:
    """The level that the case has climbed to by `by` because of clocks that still run (E-39)."""
    climbed = (
        levels.level_reached(Due(clock.due_at, clock.is_provisional), by, reckon)
        for clock in running
        if clock.stopped_at is None and clock.is_breached(by)
    )
    return max(climbed, default=0) if case.is_open else 0


def _of_round(
    taken_up: Round, case: Complaint, levels: ServiceLevels, tier: str | None, reckon: Reckon
) -> Iterator[Clock]:
    is_first = taken_up.number == 1
    ended_at = taken_up.ended_at
    spans: list[tuple[Stage, datetime | None, datetime | None]] = [
        (Stage.ACCEPT, taken_up.taken_up_at if is_first else None, taken_up.assigned_at),
        (Stage.ANSWER, taken_up.taken_up_at, taken_up.answered_at),
        (Stage.RESOLVE, taken_up.taken_up_at, taken_up.resolved_at),
        (Stage.CALL_BACK, taken_up.resolved_at, None),
    ]
    for stage, started_at, done_at in spans:
        limit = levels.limit(stage, case.kind, tier)
        if started_at is not None and limit is not None:
            due, stopped_at = reckon(started_at, limit), done_at or ended_at
            yield Clock(taken_up.number, stage, started_at, due.at, due.is_provisional, stopped_at)
