"""R-77, C21: a case goes one way, whatever the catalogue of penalties says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.conduct.misuse import (
    CaseState,
    MisuseCase,
    NotAnInquirer,
    NotImpartial,
    NotTheStage,
    close,
    decide,
    inquire,
    report,
    require_reader,
)
from services.registry.domain.conduct.penalties import (
    Grade,
    MisuseKind,
    MisusePenalties,
    Penalty,
    PenaltyNotInCatalogue,
    UnknownMisuse,
    require_penalties,
)
from shared.errors import Invalid

KINDS = (MisuseKind("forwarding", "转发", "Forwarding"), MisuseKind("leak", "泄露", "Leak"))
GRADES = tuple(Grade(each, each, each) for each in ("light", "severe", "malicious"))
BY_GRADE = MisusePenalties(
    kinds=KINDS,
    grades=GRADES,
    penalties=(
        Penalty("written-warning", "书面警告", "Written warning", ("light",)),
        Penalty("internal-inquiry", "内部调查", "Internal inquiry", ("severe",)),
        Penalty("dismissal", "解除合同", "Dismissal", ("malicious",)),
        Penalty("legal-action", "法律责任", "Legal action", ("malicious",)),
        Penalty("demerit", "记过", "Demerit", ("light", "severe"), ("leak",)),
    ),
    inquirer_roles=("auditor", "director"),
    reporter_reader_roles=("auditor",),
)
OTHER_LIST = dataclasses.replace(
    BY_GRADE,
    penalties=tuple(
        Penalty(each, each, each, (grade.grade,))
        for each, grade in zip(("warning", "demerit", "demotion"), GRADES, strict=True)
    ),
)
ON = date(2026, 3, 2)
INQUIRER = Actor("P003", "GD", frozenset({"auditor"}))
REPORTER = "G004"
CASE = MisuseCase(UUID(int=1), "G005", "GZ", "forwarding", ON - timedelta(days=3), ON)


def decided(
    policy: MisusePenalties, grade: str | None, penalties: Sequence[str], case: MisuseCase = CASE
) -> MisuseCase:
    opened = inquire(report(case, policy), INQUIRER, REPORTER, policy, ON)
    return decide(opened, INQUIRER, REPORTER, policy, grade, penalties, ON)


@pytest.mark.parametrize(
    ("policy", "grade", "penalties"),
    [
        (BY_GRADE, "light", ["written-warning"]),
        (BY_GRADE, "severe", ["internal-inquiry"]),
        (BY_GRADE, "malicious", ["legal-action", "dismissal"]),
        (OTHER_LIST, "light", ["warning"]),
        (OTHER_LIST, "malicious", ["demotion"]),
    ],
)
def test_r77_c21_a_case_goes_the_same_way_with_either_list_of_penalties(
    policy: MisusePenalties, grade: str, penalties: list[str]
) -> None:
    case = decided(policy, grade, penalties)
    assert (case.state, case.grade, case.penalties) == (
        *(CaseState.DECIDED, grade),
        tuple(sorted(penalties)),
    )
    closed = close(case, INQUIRER, REPORTER, policy, ON)
    assert (closed.state, closed.version) == (CaseState.CLOSED, 4)


@pytest.mark.parametrize(
    ("grade", "penalties"),
    [
        ("light", ["dismissal"]),
        ("malicious", ["written-warning"]),
        ("light", []),
        ("light", ["demerit"]),
        (None, ["written-warning"]),
        ("light", ["written-warning", "torture"]),
    ],
)
def test_r77_only_penalties_of_the_grade_in_the_catalogue(
    grade: str | None, penalties: list[str]
) -> None:
    with pytest.raises(PenaltyNotInCatalogue):
        decided(BY_GRADE, grade, penalties)


def test_r77_penalties_for_leaks_are_for_leaks() -> None:
    leak = dataclasses.replace(CASE, kind="leak")
    assert decided(BY_GRADE, "severe", ["demerit"], leak).penalties == ("demerit",)
    with pytest.raises(PenaltyNotInCatalogue) as refused:
        decided(BY_GRADE, "malicious", ["demerit"], leak)
    assert refused.value.facts["catalogue"] == ["dismissal", "legal-action"]


def test_r77_where_nothing_was_found_nothing_follows() -> None:
    case = decided(BY_GRADE, None, [])
    assert (case.state, case.grade, case.penalties) == (CaseState.DECIDED, None, ())


def test_r77_kinds_and_grades_are_those_of_the_catalogue() -> None:
    with pytest.raises(UnknownMisuse):
        report(dataclasses.replace(CASE, kind="gossip"), BY_GRADE)
    with pytest.raises(UnknownMisuse):
        require_penalties(BY_GRADE, "leak", "terrible", ["dismissal"])
    for penalty, message in (
        (Penalty("x", "x", "x", ()), "needs grades"),
        (Penalty("x", "x", "x", ("terrible",)), "needs grades"),
        (Penalty("x", "x", "x", ("light",), ("gossip",)), "kinds"),
    ):
        with pytest.raises(ValueError, match=message):
            dataclasses.replace(BY_GRADE, penalties=(penalty,))


def test_r77_steps_are_taken_in_order_and_once() -> None:
    reported = report(CASE, BY_GRADE)
    handled = (INQUIRER, REPORTER, BY_GRADE)
    with pytest.raises(NotTheStage):
        decide(reported, *handled, "light", ["written-warning"], ON)
    with pytest.raises(NotTheStage):
        close(reported, *handled, ON)
    opened = inquire(reported, *handled, ON)
    with pytest.raises(NotTheStage):
        inquire(opened, *handled, ON)
    with pytest.raises(NotTheStage):
        close(opened, *handled, ON)


def test_r77_neither_the_subject_nor_the_reporter_handles_the_case() -> None:
    reported = report(CASE, BY_GRADE)
    for code in (CASE.subject_staff_code, REPORTER):
        with pytest.raises(NotImpartial):
            inquire(
                reported, dataclasses.replace(INQUIRER, staff_code=code), REPORTER, BY_GRADE, ON
            )
    manager = dataclasses.replace(INQUIRER, roles=frozenset({"account_manager"}))
    with pytest.raises(NotAnInquirer):
        inquire(reported, manager, REPORTER, BY_GRADE, ON)


def test_r77_days_go_forward() -> None:
    assert report(dataclasses.replace(CASE, occurred_on=ON), BY_GRADE).last_on == ON
    with pytest.raises(Invalid):
        report(dataclasses.replace(CASE, occurred_on=ON + timedelta(days=1)), BY_GRADE)
    with pytest.raises(Invalid):
        inquire(report(CASE, BY_GRADE), INQUIRER, REPORTER, BY_GRADE, ON - timedelta(days=1))


def test_r77_few_learn_who_reported() -> None:
    require_reader(INQUIRER, BY_GRADE)
    with pytest.raises(NotAnInquirer):
        require_reader(Actor("G001", "GZ", frozenset({"director"})), BY_GRADE)
