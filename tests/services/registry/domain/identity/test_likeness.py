"""R-81: grades of likeness, both sides of every threshold, and how often a person may ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.registry.domain.identity.likeness import (
    DuplicateDetection,
    Grade,
    Reason,
    TooManyQuestions,
    Weights,
    judge,
    require_allowance,
)

POLICY = DuplicateDetection(
    weights=Weights(
        credit_code=100,
        name=70,
        name_without_form=60,
        name_without_brackets=35,
        near_name=30,
        phone=50,
        address=20,
    ),
    same_from=100,
    likely_from=60,
    possible_from=30,
    near_name_minimum_signs=4,
    questions_a_day=3,
    shown_at_most=10,
)


def test_r81_a_credit_code_alone_is_enough() -> None:
    found = judge({Reason.CREDIT_CODE}, POLICY)
    assert found is not None
    assert (found.grade, found.points, found.reasons) == (Grade.SAME, 100, (Reason.CREDIT_CODE,))


def test_r81_of_all_names_only_the_strongest_counts() -> None:
    names = {Reason.NEAR_NAME, Reason.NAME, Reason.NAME_WITHOUT_BRACKETS, Reason.NAME_WITHOUT_FORM}
    found = judge(names, POLICY)
    assert found is not None
    assert (found.points, found.reasons) == (70, (Reason.NAME,))


def test_r81_what_is_shared_besides_the_name_adds_up() -> None:
    found = judge({Reason.NEAR_NAME, Reason.PHONE, Reason.ADDRESS}, POLICY)
    assert found is not None
    assert (found.grade, found.points) == (Grade.SAME, 100)
    assert found.reasons == (Reason.PHONE, Reason.NEAR_NAME, Reason.ADDRESS)


@pytest.mark.parametrize(
    ("weight", "grade"),
    [
        (29, None),
        (30, Grade.POSSIBLE),
        (59, Grade.POSSIBLE),
        (60, Grade.LIKELY),
        (99, Grade.LIKELY),
        (100, Grade.SAME),
    ],
)
def test_r81_the_thresholds_are_policy_and_belong_to_their_grade(
    weight: int, grade: Grade | None
) -> None:
    policy = replace(POLICY, weights=replace(POLICY.weights, phone=weight))
    found = judge({Reason.PHONE}, policy)
    assert (found and found.grade) == grade


def test_r81_an_address_alone_says_nothing() -> None:
    assert judge({Reason.ADDRESS}, POLICY) is None
    assert judge(set(), POLICY) is None


def test_r81_nobody_asks_more_often_than_a_day_allows() -> None:
    require_allowance(2, POLICY, version=1)
    with pytest.raises(TooManyQuestions) as refused:
        require_allowance(3, POLICY, version=7)
    assert refused.value.facts == {"limit": 3, "asked": 3, "policy_version": 7}
