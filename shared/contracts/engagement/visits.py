"""Obligations to visit, visits, and their expenses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import CustomerDecision, CustomerFact, MoneyAmount, SourceRef
from shared.contracts.values import Code, Count, Day, Instant, Period, Word


class ObligationState(StrEnum):
    """What has become of a duty to get in touch."""

    DUE = "due"
    MET = "met"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What a verification by phone found (E-26)."""

    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    NO_ANSWER = "no_answer"


class ObligationChanged(CustomerDecision):
    """A duty to get in touch within a window (E-01 to E-16). Entity: `obligation`."""

    subject: ClassVar[str] = "dakehu.engagement.obligation_changed.v1"
    obligation_id: UUID
    """The obligation."""
    state: ObligationState
    """Where it stands."""
    rule: Word
    """Name of the cadence row, such as `manager-gold-monthly`."""
    role: Word
    """Role that must do it (C7)."""
    staff_code: Code | None = None
    """Who has that role for this customer, if one person does."""
    channel: Word
    """visit, phone, mail, event."""
    target_level: Word | None = None
    """Rank that must be reached at the customer (E-08); absent: any."""
    scheme: Word | None = None
    """The tier scheme that governs cadence."""
    tier: Word | None = None
    """The tier that asks for it."""
    period: Period | None = None
    """The year, quarter or month it belongs to; absent for weeks and festivals."""
    from_on: Day
    """First day of the window."""
    due_on: Day
    """Last day of the window."""
    required: Count
    """Contacts that the window asks for."""
    done: Count
    """Contacts that count towards it."""
    met_on: Day | None = None
    """The day on which it was met."""
    is_provisional: bool = False
    """The calendar of that year is not announced yet; nothing is decided on it."""


class VisitRecorded(CustomerFact):
    """Somebody of ours was in touch with a customer; the words stay here. Entity: `visit`."""

    subject: ClassVar[str] = "dakehu.engagement.visit_recorded.v1"
    visit_id: UUID
    """The visit."""
    source: SourceRef | None = None
    """The fact that reported it; absent: recorded here."""
    kind: Word
    """`dedicated` counts towards cadence, `business` and `research` do not (E-11, R-20)."""
    channel: Word
    """How it came about: visit, phone, mail, event, online …"""
    visitors: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Staff codes, the leader first."""
    roles: tuple[Word, ...] = ()
    """Roles that the visitors had then."""
    unit: Code | None = None
    """The leader's unit."""
    target_level: Word
    """Rank of whom it was for (E-08)."""
    occurred_on: Day
    """The day it belongs to."""
    started_at: Instant
    """When it began."""
    ended_at: Instant | None = None
    """When it ended; absent: not noted."""
    is_too_early: bool = False
    """Sooner after the last contact than it should be (E-13)."""
    expense: MoneyAmount | None = None
    """Travel expense that is claimed (E-25)."""


class VisitVerified(CustomerDecision):
    """The telephone department checked a trip record (E-26). Entity: `verification`."""

    subject: ClassVar[str] = "dakehu.engagement.visit_verified.v1"
    verification_id: UUID
    """The verification."""
    visit_id: UUID
    """The visit."""
    verdict: Verdict
    """What the call found."""
    attempts: Annotated[int, Field(ge=1)]
    """Calls made."""
    verified_by: Code
    """Staff code; never one of the visitors."""
    verified_at: Instant
    """When it was settled."""


class _Expense(CustomerDecision):
    expense_id: UUID
    """The expense."""
    visit_id: UUID
    """The visit."""
    claimant: Code
    """Staff code of who is to be paid."""
    amount: MoneyAmount
    """What is claimed."""


class ExpenseReleased(_Expense):
    """The trip record is in order: the expense may be paid (E-25). Entity: `expense`."""

    subject: ClassVar[str] = "dakehu.engagement.expense_released.v1"
    released_by: Code
    """Staff code."""


class ExpenseWithheld(_Expense):
    """An expense may not be paid for now (E-25, E-26). Entity: `expense`."""

    subject: ClassVar[str] = "dakehu.engagement.expense_withheld.v1"
    reasons: Annotated[tuple[Word, ...], Field(min_length=1)]
    """`record-missing`, `not-signed`, `verification-differs` …"""
