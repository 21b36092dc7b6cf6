"""E-38: every case ends with an answer and a result; E-28: or is taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.engagement.domain.complaints.complaint_refusals import (
    AnswerMissing,
    NoHigherLevel,
    ResultMissing,
    TimeRunsForward,
    WrongState,
)
from services.engagement.domain.complaints.complaints import (
    CallBack,
    Complaint,
    ComplaintState,
    answer,
    assign,
    call_back,
    closed_by_desk,
    escalate,
    require_result,
    resolve,
    taken_in,
)
from shared.identifiers import derived_id

NINE = datetime(2025, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)


def case() -> Complaint:
    return taken_in(derived_id("complaint", 1), "complaint", None, NINE)


def assigned() -> Complaint:
    return assign(case(), "GZ-TH", "S-HANDLER", NINE + HOUR)


def answered() -> Complaint:
    return answer(assigned(), NINE + 2 * HOUR)


def resolved() -> Complaint:
    return resolve(answered(), "upheld", NINE + 3 * HOUR)


def test_a_case_goes_from_open_to_closed_by_way_of_answer_result_and_call_back() -> None:
    closed = call_back(resolved(), CallBack.SATISFIED, 3, NINE + 4 * HOUR)
    states = [c.state.value for c in (case(), assigned(), answered(), resolved(), closed)]
    assert states == ["open", "assigned", "answered", "resolved", "closed"]
    assert closed.present.ended_at == NINE + 4 * HOUR


def test_E_38_no_case_is_resolved_before_the_customer_was_answered() -> None:
    for unanswered in (case(), assigned()):
        with pytest.raises(AnswerMissing):
            resolve(unanswered, "upheld", NINE + 5 * HOUR)


def test_E_38_no_case_is_resolved_without_a_result() -> None:
    with pytest.raises(ResultMissing):
        resolve(answered(), "  ", NINE + 3 * HOUR)
    with pytest.raises(ResultMissing):
        require_result("\n")


def test_E_38_a_case_that_nobody_has_is_answered_by_nobody() -> None:
    with pytest.raises(WrongState):
        answer(case(), NINE + HOUR)


def test_the_first_answer_of_a_round_is_the_one_that_counts() -> None:
    again = answer(answered(), NINE + 5 * HOUR)
    assert again.present.answered_at == NINE + 2 * HOUR


def test_a_case_can_be_given_to_another_unit_and_its_first_assignment_stays() -> None:
    moved = assign(answered(), "GZ", None, NINE + 5 * HOUR)
    assert (moved.unit, moved.handler, moved.state) == ("GZ", None, ComplaintState.ANSWERED)
    assert moved.present.assigned_at == NINE + HOUR


def test_E_28_a_dissatisfied_customer_starts_another_round_that_needs_an_answer_of_its_own() -> (
    None
):
    again = call_back(resolved(), CallBack.DISSATISFIED, 3, NINE + 4 * HOUR)
    assert (again.state, again.present.number, again.result) == (ComplaintState.ASSIGNED, 2, None)
    assert again.rounds[0].ended_at == NINE + 4 * HOUR
    with pytest.raises(AnswerMissing):
        resolve(again, "settled", NINE + 5 * HOUR)


def test_E_40_a_case_is_closed_after_the_last_call_that_nobody_answers() -> None:
    kept = resolved()
    for hour in (4, 5):
        kept = call_back(kept, CallBack.NO_ANSWER, 3, NINE + hour * HOUR)
        assert kept.state is ComplaintState.RESOLVED
    assert call_back(kept, CallBack.NO_ANSWER, 3, NINE + 6 * HOUR).state is ComplaintState.CLOSED


def test_a_closed_case_stays_as_it_is() -> None:
    closed = call_back(resolved(), CallBack.SATISFIED, 3, NINE + 4 * HOUR)
    late = NINE + 9 * HOUR
    changes: list[Callable[[], Complaint]] = [
        lambda: assign(closed, "GZ", None, late),
        lambda: answer(closed, late),
        lambda: resolve(closed, "rejected", late),
        lambda: call_back(closed, CallBack.SATISFIED, 3, late),
        lambda: escalate(closed, 1, 4),
    ]
    for change in changes:
        with pytest.raises(WrongState):
            change()


def test_nothing_happens_before_what_it_follows() -> None:
    with pytest.raises(TimeRunsForward):
        answer(assigned(), NINE)
    assert answer(assigned(), NINE + HOUR).present.answered_at == NINE + HOUR
    with pytest.raises(TimeRunsForward):
        call_back(resolved(), CallBack.SATISFIED, 3, NINE + 2 * HOUR)


def test_E_39_the_last_level_is_external_and_there_is_none_above() -> None:
    regulator = escalate(escalate(assigned(), 3, 4), 4, 4)
    assert (regulator.state, regulator.level) == (ComplaintState.EXTERNAL, 4)
    with pytest.raises(NoHigherLevel):
        escalate(regulator, 5, 4)
    with pytest.raises(NoHigherLevel):
        escalate(escalate(assigned(), 2, 4), 2, 4)


def test_E_39_a_case_before_the_regulator_still_ends_with_an_answer_and_a_result() -> None:
    regulator = escalate(assigned(), 4, 4)
    with pytest.raises(AnswerMissing):
        resolve(regulator, "settled", NINE + 2 * HOUR)
    told = answer(regulator, NINE + 2 * HOUR)
    assert told.state is ComplaintState.EXTERNAL
    assert resolve(told, "settled", NINE + 3 * HOUR).state is ComplaintState.RESOLVED


def test_a_desk_closes_its_case_with_what_it_told_the_customer() -> None:
    closed = closed_by_desk(case(), "closed-by-desk", NINE + HOUR)
    assert closed.state is ComplaintState.CLOSED
    assert closed.present.answered_at == closed.present.ended_at == NINE + HOUR
    assert closed.present.assigned_at == NINE


def test_a_desk_that_closes_twice_changes_nothing_and_never_closes_before_the_opening() -> None:
    closed = closed_by_desk(case(), "closed-by-desk", NINE)
    assert closed_by_desk(closed, "other", NINE + HOUR) == closed
    with pytest.raises(TimeRunsForward):
        closed_by_desk(case(), "closed-by-desk", NINE - timedelta(seconds=1))


def test_what_we_answered_ourselves_stays_when_the_desk_closes() -> None:
    closed = closed_by_desk(answered(), "closed-by-desk", NINE + 6 * HOUR)
    assert closed.present.answered_at == NINE + 2 * HOUR
    assert closed.present.resolved_at == NINE + 6 * HOUR


def test_a_resolved_case_climbs_inside_but_not_to_the_regulator() -> None:
    assert escalate(resolved(), 1, 4).state is ComplaintState.RESOLVED
    with pytest.raises(WrongState):
        escalate(resolved(), 4, 4)
