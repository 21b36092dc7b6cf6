"""The life of a compliance case: raised, reviewed by one person, closed by another (B-36)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict

from .duties import require_apart


class CaseState(StrEnum):
    """Where a case stands."""

    RAISED = "raised"
    REVIEWED = "reviewed"
    CLOSED = "closed"


class Resolution(StrEnum):
    """What became of the money."""

    RETURNED = "returned-to-payer"
    PAID_IN = "paid-into-company-account"
    UNFOUNDED = "unfounded"
    PROSECUTED = "prosecuted"


class CaseNotOpen(Conflict):
    """The case was closed before, or nobody has reviewed it yet."""

    code = "case-not-open"
    rule = "B-36"
    title_zh = "个案状态不允许此操作"
    title_en = "The case does not allow this now"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as far as deciding about it goes; `people` collected the money or reviewed it."""

    case_id: UUID
    customer_key: UUID | None
    state: CaseState
    people: Collection[str]
    version: int


def check_review(case: Case, person: str) -> None:
    """Raise unless `person`, who had no part in it, may note a finding. Raises CaseNotOpen."""
    if case.state is CaseState.CLOSED:
        raise _not_open(case)
    require_apart(person, case.people, "是经手人或已作复核", "took the money or reviewed it before")


def check_close(case: Case, person: str) -> None:
    """Raise unless the case was reviewed, and by somebody else than `person`."""
    if case.state is not CaseState.REVIEWED:
        raise _not_open(case)
    require_apart(person, case.people, "是经手人或复核人", "took the money or reviewed the case")


def _not_open(case: Case) -> CaseNotOpen:
    return CaseNotOpen(f"个案状态为 {case.state}", f"the case is {case.state}", state=case.state)
