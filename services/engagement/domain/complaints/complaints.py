"""Complaint cases: every one ends with an answer and a result, or goes on (E-37 to E-40, E-28)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.engagement.domain.complaints.complaint_refusals import (
    AnswerMissing,
    NoHigherLevel,
    ResultMissing,
    TimeRunsForward,
    WrongState,
)


class ComplaintState(StrEnum):
    """Where a case stands; external: before the regulator."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    EXTERNAL = "external"


class CallBack(StrEnum):
    """What the customer said when called back on a resolved case (E-40, E-28)."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True)
class Round:
    """One time that the case was taken up (E-28), with what was done then."""

    number: int
    taken_up_at: datetime
    assigned_at: datetime | None = None
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    call_backs: int = 0
    ended_at: datetime | None = None

    @property
    def latest_at(self) -> datetime:
        """When something was done last."""
        done = (self.taken_up_at, self.assigned_at, self.answered_at, self.resolved_at)
        return max(moment for moment in done if moment is not None)


@dataclass(frozen=True)
class Complaint:
    """A case without its words. `result` is the word that it is filed under."""

    complaint_id: UUID
    kind: str
    customer_key: UUID | None
    rounds: tuple[Round, ...]
    state: ComplaintState = ComplaintState.OPEN
    level: int = 0
    unit: str | None = None
    handler: str | None = None
    result: str | None = None
    is_imported: bool = False

    @property
    def opened_at(self) -> datetime:
        """When the customer first came with it."""
        return self.rounds[0].taken_up_at

    @property
    def present(self) -> Round:
        """The round that it is in, or ended with."""
        return self.rounds[-1]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state is not ComplaintState.CLOSED


_WORKED_ON = (
    ComplaintState.OPEN,
    ComplaintState.ASSIGNED,
    ComplaintState.ANSWERED,
    ComplaintState.EXTERNAL,
)


def taken_in(
    complaint_id: UUID, kind: str, customer_key: UUID | None, opened_at: datetime
) -> Complaint:
    """A new case."""
    return Complaint(complaint_id, kind, customer_key, (Round(1, opened_at),))


def assign(case: Complaint, unit: str, handler: str | None, at: datetime) -> Complaint:
    """Give the case to a responsible `unit` (and a person), first or anew.

    Raises WrongState and TimeRunsForward.
    """
    _require(case, at, *_WORKED_ON)
    state = ComplaintState.ASSIGNED if case.state is ComplaintState.OPEN else case.state
    now = replace(case.present, assigned_at=case.present.assigned_at or at)
    return replace(_in_round(case, now), state=state, unit=unit, handler=handler)


def answer(case: Complaint, at: datetime) -> Complaint:
    """Note that the customer was answered; the first answer of a round stops its clock.

    Raises WrongState and TimeRunsForward.
    """
    _require(case, at, *_WORKED_ON[1:])
    is_external = case.state is ComplaintState.EXTERNAL
    now = replace(case.present, answered_at=case.present.answered_at or at)
    return replace(
        _in_round(case, now), state=case.state if is_external else ComplaintState.ANSWERED
    )


def resolve(case: Complaint, result: str, at: datetime) -> Complaint:
    """Resolve the case with a `result`; the customer has been answered before (E-38).

    Raises WrongState, AnswerMissing, ResultMissing and TimeRunsForward.
    """
    _require(case, at, *_WORKED_ON)
    if case.present.answered_at is None:
        raise AnswerMissing(
            "须先答复客户，再登记处理结果（有答复有结果）",
            "the customer is answered before the case is resolved: an answer and a result",
        )
    require_result(result)
    now = replace(case.present, resolved_at=at)
    return replace(_in_round(case, now), state=ComplaintState.RESOLVED, result=result)


def call_back(case: Complaint, said: CallBack, attempts: int, at: datetime) -> Complaint:
    """The case after the customer was called back (E-40): closed, or taken up again (E-28).

    It is closed when the customer is satisfied, or after `attempts` calls without answer. Raises
    WrongState and TimeRunsForward.
    """
    _require(case, at, ComplaintState.RESOLVED)
    calls = case.present.call_backs + 1
    if said is CallBack.NO_ANSWER and calls < attempts:
        return _in_round(case, replace(case.present, call_backs=calls))
    ended = _in_round(case, replace(case.present, call_backs=calls, ended_at=at))
    if said is not CallBack.DISSATISFIED:
        return replace(ended, state=ComplaintState.CLOSED)
    again = Round(case.present.number + 1, taken_up_at=at, assigned_at=at)
    rounds = (*ended.rounds, again)
    return replace(ended, state=ComplaintState.ASSIGNED, result=None, rounds=rounds)


def escalate(case: Complaint, level: int, last_level: int) -> Complaint:
    """Raise the case to `level`; the last one is external (E-39).

    A resolved case that nobody calls back about climbs too, but not to the outside. Raises
    WrongState and NoHigherLevel.
    """
    inside = (ComplaintState.RESOLVED,) if level < last_level else ()
    _require(case, case.present.latest_at, *_WORKED_ON, *inside)
    if level > last_level or level <= case.level:
        raise NoHigherLevel(
            f"已在第 {case.level} 级，共 {last_level} 级",
            f"the case is at level {case.level} of {last_level}",
            level=case.level,
        )
    state = ComplaintState.EXTERNAL if level == last_level else case.state
    return replace(case, level=level, state=state)


def closed_by_desk(case: Complaint, result: str, at: datetime) -> Complaint:
    """The case as the desk that raised it closed it: what came of it is what it told the customer.

    The desk had it from the beginning, if nobody here was given it. `result` is the word it is
    filed under. A case that is closed already stays as it is. Raises TimeRunsForward for a closing
    before the opening.
    """
    if at < case.opened_at:
        raise _too_early(at, case.opened_at)
    if not case.is_open:
        return case
    present = case.present
    now = replace(
        present,
        assigned_at=present.assigned_at or present.taken_up_at,
        answered_at=present.answered_at or at,
        resolved_at=present.resolved_at or at,
        ended_at=at,
    )
    closed = _in_round(case, now)
    return replace(closed, state=ComplaintState.CLOSED, result=case.result or result)


def require_result(result: str) -> None:
    """Raise ResultMissing unless it says what came of the case (E-38)."""
    if not result.strip():
        raise ResultMissing(
            "须写明处理结果", "a case ends with a result; say what came of it", pointer="/result"
        )


def _in_round(case: Complaint, present: Round) -> Complaint:
    return replace(case, rounds=(*case.rounds[:-1], present))


def _require(case: Complaint, at: datetime, *states: ComplaintState) -> None:
    if case.state not in states:
        raise WrongState(
            f"投诉处于 {case.state.value}，此操作要求 {'、'.join(s.value for s in states)}",
            f"the case is {case.state.value}; this asks for {', '.join(s.value for s in states)}",
            state=case.state.value,
        )
    if at < case.present.latest_at:
        raise _too_early(at, case.present.latest_at)


def _too_early(at: datetime, latest: datetime) -> TimeRunsForward:
    return TimeRunsForward(
        f"{at.isoformat()} 早于前一步骤 {latest.isoformat()}",
        f"{at.isoformat()} is before what it follows, {latest.isoformat()}",
        pointer="/at",
    )
