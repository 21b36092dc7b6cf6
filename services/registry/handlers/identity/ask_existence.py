"""Does this customer exist? Yes, ask that centre; the file stays closed (R-81)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.identity.likeness import (
    DuplicateDetection,
    NothingToCompare,
    require_allowance,
)
from services.registry.storage.identity import likeness, questions
from services.registry.storage.identity.likeness import Alike, Described
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, under the number of the question."""

    question_id: UUID
    policy_version: int
    alike: Sequence[Alike]


async def handle(work: Work, by: Actor, asked: Described) -> Answer:
    """Answer a person's question and write both down.

    Raises NothingToCompare, TooManyQuestions (R-81).
    """
    policy = await in_force(work, DuplicateDetection, work.today)
    before = await questions.asked_today(work, by.staff_code)

    require_allowance(before, policy.body, policy.version)
    if not likeness.says_something(asked):
        raise NothingToCompare(
            "须给出名称、统一社会信用代码、电话或地址之一",
            "give a name, a unified credit code, a phone number or an address",
        )

    (found,) = await likeness.alike(work, [asked], policy.body)
    shown = found[: policy.body.shown_at_most]
    number = await questions.note(work, by, questions.QUESTION, asked, shown, policy.version)
    return Answer(number, policy.version, shown)


async def warn(work: Work, by: Actor, asked: Described, family: set[UUID]) -> Answer:
    """Whom a customer that was just declared resembles, apart from its own `family`.

    It never blocks: only the credit code of a living customer does, when it is declared.
    """
    policy = await in_force(work, DuplicateDetection, work.today)

    (found,) = await likeness.alike(work, [asked], policy.body)
    others = [each for each in found if each.customer_key not in family]

    shown = others[: policy.body.shown_at_most]
    number = await questions.note(work, by, questions.DECLARATION, asked, shown, policy.version)
    return Answer(number, policy.version, shown)
