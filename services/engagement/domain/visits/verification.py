"""Verification of trip records by phone: by somebody who was not there (E-26)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.errors import Conflict, Forbidden


class Verdict(StrEnum):
    """What the telephone department found."""

    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    NO_ANSWER = "no_answer"


class VerifierWasThere(Forbidden):
    """Who made or recorded the visit may not verify it."""

    code = "verifier-was-there"
    rule = "E-26"
    title_zh = "回访核实人不得是拜访人"
    title_en = "The verifier made the visit"


class AlreadyVerified(Conflict):
    """A verdict is a decision and is not given twice."""

    code = "already-verified"
    rule = "E-26"
    title_zh = "该出差记录已有核实结论"
    title_en = "Already verified"


@dataclass(frozen=True)
class VerificationRules:
    """Which contacts are trip records, how long verifying may take, how often to try.

    After `attempts` calls that nobody answered the verdict is `no_answer`.
    """

    policy_name: ClassVar[str] = "visit-verification"

    trip_channels: tuple[str, ...]
    within_working_days: int
    attempts: int

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.within_working_days < 1:
            raise ValueError(
                "至少一次、至少一个工作日 / at least one attempt and at least one working day"
            )

    def is_trip(self, channel: str) -> bool:
        """Whether a contact by `channel` leaves a trip record that is verified."""
        return channel in self.trip_channels


@dataclass(frozen=True)
class Verification:
    """The check of one trip record; `due_on` is the last day for a verdict."""

    visit_id: UUID
    due_on: date
    is_provisional: bool
    attempts: int = 0
    verdict: Verdict | None = None


def call(
    verification: Verification,
    rules: VerificationRules,
    found: Verdict,
    verifier: str,
    people: Collection[str],
) -> Verification:
    """The verification after `verifier` (staff code) called the customer and `found` something.

    `people` are those who made or recorded the visit. A call that nobody answers is an attempt;
    the last one allowed makes it the verdict. Raises VerifierWasThere and AlreadyVerified (E-26).
    """
    if verifier in people:
        raise VerifierWasThere(
            f"{verifier} 参与或登记了这次拜访，须由他人核实",
            f"{verifier} made or recorded the visit; somebody else has to verify it",
            verifier=verifier,
        )
    if verification.verdict is not None:
        raise AlreadyVerified(
            f"结论已为 {verification.verdict}", f"the verdict is {verification.verdict} already"
        )
    attempts = verification.attempts + 1
    is_final = found is not Verdict.NO_ANSWER or attempts >= rules.attempts
    return replace(verification, attempts=attempts, verdict=found if is_final else None)
