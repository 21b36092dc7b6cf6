"""What is asked and answered about hand-overs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.api.models import Command, OnDay, Reason
from services.registry.domain.people.handovers import (
    HandoverReason,
    HandoverState,
    Holding,
    Missing,
    Progress,
)
from services.registry.domain.people.succession import Place
from shared.contracts.values import Code


class SuccessionIn(Command):
    """Who takes over one customer; without a successor it shows that one is missing."""

    customer_key: UUID
    successor: Code | None = None


class HandoverIn(Command):
    """Some or all customers of a person who stays; a departure is reported as such."""

    from_staff_code: Code
    customers: list[SuccessionIn] = Field(min_length=1, max_length=500)
    reason: Reason


class NamedIn(Command):
    """Who takes over one customer."""

    customer_key: UUID
    successor: Code


class SuccessorsIn(Command):
    """Successors for customers of the hand-over."""

    successors: list[NamedIn] = Field(min_length=1, max_length=500)


class NotificationIn(OnDay):
    """The customer was told that somebody else looks after it."""

    customer_key: UUID
    words: Reason | None = None


class DocumentsIn(OnDay):
    """The supervisor has received, sorted and archived the leaver's documents."""

    words: Reason


class HandoverOut(BaseModel):
    """A hand-over as it stands; `missing` is what is still to be done."""

    handover_id: UUID
    from_staff_code: str
    unit: str
    reason: HandoverReason
    state: HandoverState
    started_by: str | None
    words: str | None
    started_on: date
    effective_on: date
    due_on: date
    is_overdue: bool
    overdue_on: date | None
    completed_on: date | None
    customers: int
    without_successor: int
    not_notified: int
    originals_in_hand: int
    missing: list[Missing]
    policy_version: int
    version: int


class LineOut(BaseModel):
    """One customer of a hand-over; digests are of everything but its managers, by area."""

    customer_key: UUID
    customer_id: str | None
    name: str
    place: Place
    a_before: str | None
    b_before: str | None
    a_after: str | None
    b_after: str | None
    successor: str | None
    is_successor_missing: bool
    named_by: str | None
    notified_on: date | None
    notified_by: str | None
    is_unchanged: bool
    digest_before: dict[str, str]
    digest_after: dict[str, str]
    version: int


class AnswerOut(BaseModel):
    """What a service answered to one version."""

    service: str
    version: int
    applied_on: date
    moved: list[dict[str, Any]]
    exceptions: list[dict[str, Any]]


class NamingOut(BaseModel):
    """Who was named for a customer in which version, by whom; nobody: the policy."""

    version: int
    customer_key: UUID
    successor: str | None
    named_by: str | None
    recorded_at: datetime


class InHandOut(BaseModel):
    """An exception: an original lent or kept, or the custody of a file, still with the leaver."""

    holding: Holding
    customer_key: UUID
    customer_id: str | None
    name: str
    asset_id: UUID | None
    label: str | None
    loan_id: UUID | None
    due_on: date | None


class HandoverDetail(HandoverOut):
    """A hand-over with its answers, and what a leaver has yet to give back."""

    answers: list[AnswerOut]
    in_hand: list[InHandOut]


def handover(row: RowMapping) -> HandoverOut:
    """A row of the list."""
    return HandoverOut(**fields(row))


def fields(row: RowMapping) -> dict[str, Any]:
    """The fields of a hand-over, with what is still missing (R-52)."""
    progress = Progress(
        HandoverReason(row["reason"]),
        **{name: row[name] for name in Progress.__dataclass_fields__ if name != "reason"},
    )
    return {**row, "missing": progress.missing}


def line(row: RowMapping) -> LineOut:
    """A row of the checklist."""
    return LineOut(
        **row,
        is_successor_missing=row["successor"] is None,
        is_unchanged=row["digest_before"] == row["digest_after"],
    )


def naming(row: RowMapping) -> NamingOut:
    """A row of the history."""
    return NamingOut(**row)
