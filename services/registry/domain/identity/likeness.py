"""Whether two customers are one: what they share, how much that says, and how it is told (R-81)."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from shared.errors import Refusal


class Reason(StrEnum):
    """What a customer shares with the one that is asked about."""

    CREDIT_CODE = "credit-code"
    NAME = "name"
    NAME_WITHOUT_FORM = "name-without-form"
    NAME_WITHOUT_BRACKETS = "name-without-brackets"
    NEAR_NAME = "near-name"
    PHONE = "phone"
    ADDRESS = "address"


_NAMES = frozenset(
    {Reason.NAME, Reason.NAME_WITHOUT_FORM, Reason.NAME_WITHOUT_BRACKETS, Reason.NEAR_NAME}
)


class Grade(StrEnum):
    """How sure it is that two are one."""

    SAME = "same"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True)
class Weights:
    """What each thing that is shared says, in points; of the names only the strongest counts."""

    credit_code: int
    name: int
    name_without_form: int
    name_without_brackets: int
    near_name: int
    phone: int
    address: int

    def of(self, reason: Reason) -> int:
        """The points of one reason."""
        points: int = getattr(self, reason.name.lower())
        return points


@dataclass(frozen=True)
class DuplicateDetection:
    """From how many points on customers are alike, and how often a person may ask (R-81).

    A name is compared for a slip of the pen from `near_name_minimum_signs` on (without its legal
    form): the shorter it is, the more others are near it.
    """

    policy_name: ClassVar[str] = "duplicate-detection"

    weights: Weights
    same_from: int
    likely_from: int
    possible_from: int
    near_name_minimum_signs: int
    questions_a_day: int
    shown_at_most: int

    def without_slips(self) -> DuplicateDetection:
        """For whoever compares thousands: among a million a name that differs by a sign is near.

        Such names are left to people's own questions.
        """
        return replace(self, near_name_minimum_signs=sys.maxsize)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two customers are, and why; `reasons` are those that counted, strongest first."""

    grade: Grade
    points: int
    reasons: tuple[Reason, ...]


class TooManyQuestions(Refusal):
    """Nobody fishes the register: a person may ask so often in a day."""

    code = "too-many-questions"
    rule = "R-81"
    status = 429
    title_zh = "查重次数过多"
    title_en = "Too many questions"


class NothingToCompare(Refusal):
    """The question names nothing that could be compared."""

    code = "nothing-to-compare"
    rule = "R-81"
    title_zh = "没有可比较的内容"
    title_en = "Nothing to compare"


def judge(shared: Collection[Reason], policy: DuplicateDetection) -> Likeness | None:
    """How alike two customers are that share all this; None below every threshold (R-81)."""
    ordered = sorted(shared, key=lambda reason: (-policy.weights.of(reason), reason.value))
    names = [reason for reason in ordered if reason in _NAMES]
    counted = [reason for reason in ordered if reason not in names[1:]]
    points = sum(policy.weights.of(reason) for reason in counted)
    for grade, threshold in (
        (Grade.SAME, policy.same_from),
        (Grade.LIKELY, policy.likely_from),
        (Grade.POSSIBLE, policy.possible_from),
    ):
        if points >= threshold:
            return Likeness(grade, points, tuple(counted))
    return None


def require_allowance(asked_today: int, policy: DuplicateDetection, version: int) -> None:
    """Raise TooManyQuestions when the person has asked as often as a day allows (R-81)."""
    if asked_today >= policy.questions_a_day:
        raise TooManyQuestions(
            f"今日已查重 {asked_today} 次，每日上限 {policy.questions_a_day} 次",
            f"asked {asked_today} times today, the limit of a day is {policy.questions_a_day}",
            limit=policy.questions_a_day,
            asked=asked_today,
            policy_version=version,
        )
