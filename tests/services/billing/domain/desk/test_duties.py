"""B-18, B-19: whose task it is, at which level, and never one person twice."""

from __future__ import annotations

import pytest

from services.billing.domain.desk.duties import (
    DutiesNotApart,
    MoneyDuties,
    NotYourTask,
    Task,
    require_apart,
    require_central,
    require_task,
)

DUTIES = MoneyDuties(("back_office",), ("finance",), ("director", "finance"), ("province",))


@pytest.mark.parametrize(
    ("task", "role", "may"),
    [
        (Task.ISSUING, "back_office", True),
        (Task.ISSUING, "finance", False),
        (Task.RECEIVING, "finance", True),
        (Task.RECEIVING, "back_office", False),
        (Task.CONFIRMING, "director", True),
        (Task.CONFIRMING, "back_office", False),
    ],
)
def test_b19_a_task_belongs_to_its_roles(task: Task, role: str, may: bool) -> None:
    if may:
        require_task(task, {role, "auditor"}, DUTIES, 1)
        return
    with pytest.raises(NotYourTask) as refusal:
        require_task(task, {role}, DUTIES, 3)
    assert refusal.value.facts["policy_version"] == 3


def test_b18_what_a_policy_demands_is_central() -> None:
    require_central("province", DUTIES, 1)
    for level in ("city", None):
        with pytest.raises(NotYourTask):
            require_central(level, DUTIES, 1)


def test_b19_the_same_person_is_refused_and_another_is_not() -> None:
    require_apart("G006", {"G007"}, "开具了此账单", "issued this charge")
    with pytest.raises(DutiesNotApart):
        require_apart("G007", {"G007"}, "开具了此账单", "issued this charge")
