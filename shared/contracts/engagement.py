"""What engagement publishes: `dakehu.engagement.<event>.v1`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from .enterprise import ComplaintKind
from .envelope import (
    Code,
    Count,
    CustomerDecision,
    CustomerFact,
    Decision,
    Exact,
    FactRef,
    FactRefusal,
    HandoverResult,
    Instant,
    Label,
    MoneyAmount,
    Part,
    Period,
    Published,
    SourceRef,
    Word,
)


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


class ComplaintState(StrEnum):
    """Where a case stands (E-38 to E-40)."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    EXTERNAL = "external"


class ObligationChanged(CustomerDecision):
    """A duty to get in touch within a window (E-01 to E-16). Entity: `obligation`."""

    subject: ClassVar[str] = "dakehu.engagement.obligation_changed.v1"
    obligation_id: UUID
    state: ObligationState
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
    from_on: date
    """First day of the window."""
    due_on: date
    """Last day of the window."""
    required: Count
    """Contacts that the window asks for."""
    done: Count
    """Contacts that count towards it."""
    met_on: date | None = None
    """The day on which it was met."""
    is_provisional: bool = False
    """The calendar of that year is not announced yet; nothing is decided on it."""


class VisitRecorded(CustomerFact):
    """Somebody of ours was in touch with a customer; the words stay here. Entity: `visit`."""

    subject: ClassVar[str] = "dakehu.engagement.visit_recorded.v1"
    visit_id: UUID
    source: SourceRef | None = None
    """The fact that reported it; absent: recorded here."""
    kind: Word
    """`dedicated` counts towards cadence, `business` and `research` do not (E-11, R-20)."""
    channel: Word
    visitors: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Staff codes, the leader first."""
    roles: tuple[Word, ...] = ()
    """Roles that the visitors had then."""
    unit: Code | None = None
    """The leader's unit."""
    target_level: Word
    """Rank of whom it was for (E-08)."""
    occurred_on: date
    started_at: Instant
    ended_at: Instant | None = None
    is_too_early: bool = False
    """Sooner after the last contact than it should be (E-13)."""
    expense: MoneyAmount | None = None
    """Travel expense that is claimed (E-25)."""


class VisitVerified(CustomerDecision):
    """The telephone department checked a trip record (E-26). Entity: `verification`."""

    subject: ClassVar[str] = "dakehu.engagement.visit_verified.v1"
    verification_id: UUID
    visit_id: UUID
    verdict: Verdict
    attempts: Annotated[int, Field(ge=1)]
    verified_by: Code
    """Staff code; never one of the visitors."""
    verified_at: Instant


class _Expense(CustomerDecision):
    expense_id: UUID
    visit_id: UUID
    claimant: Code
    """Staff code of who is to be paid."""
    amount: MoneyAmount


class ExpenseReleased(_Expense):
    """The back office found a trip record in order: its expense may be paid (E-25)."""

    subject: ClassVar[str] = "dakehu.engagement.expense_released.v1"
    released_by: Code
    """Staff code."""


class ExpenseWithheld(_Expense):
    """An expense may not be paid for now (E-25, E-26)."""

    subject: ClassVar[str] = "dakehu.engagement.expense_withheld.v1"
    reasons: Annotated[tuple[Word, ...], Field(min_length=1)]
    """`record-missing`, `not-signed`, `verification-differs` …"""


class ComplaintClock(Part):
    """A time limit of one stage of a case (E-39)."""

    stage: Word
    """`accept`, `answer`, `resolve`, `call-back`, `arrive` …"""
    started_at: Instant
    due_at: Instant
    stopped_at: Instant | None = None
    """When it was kept; absent while it runs."""
    is_provisional: bool = False
    """The calendar is not announced yet; no breach is decided on it."""


class ComplaintChanged(Published):
    """A case as it is now; what was said stays in engagement. Entity: `complaint`."""

    subject: ClassVar[str] = "dakehu.engagement.complaint_changed.v1"
    complaint_id: UUID
    source: SourceRef | None = None
    """The fact that raised it; absent: taken in here."""
    state: ComplaintState
    kind: ComplaintKind
    channel: Word
    occurred_at: Instant
    opened_at: Instant
    responsible_unit: Code | None = None
    handler: Code | None = None
    """Staff code of who handles it."""
    level: Count = 0
    """How often it was escalated; the last level is external."""
    clocks: tuple[ComplaintClock, ...] = ()
    disputed: FactRef | None = None
    """The charge, revenue or payment that it disputes; dunning waits for it."""
    result: Word | None = None
    """`upheld`, `rejected`, `settled` …"""
    resolved_at: Instant | None = None
    closed_at: Instant | None = None
    is_imported: bool = False
    """Came in as history: no deadlines, no consequences."""


class ComplaintBreached(Decision):
    """A time limit of a case passed unkept (E-39). Entity: `breach`."""

    subject: ClassVar[str] = "dakehu.engagement.complaint_breached.v1"
    breach_id: UUID
    complaint_id: UUID
    stage: Word
    due_at: Instant
    responsible_unit: Code | None = None
    level: Count
    """The level that it is escalated to."""


class CompensationApproved(CustomerDecision):
    """A customer shall be compensated; billing posts or refuses it (E-37)."""

    subject: ClassVar[str] = "dakehu.engagement.compensation_approved.v1"
    compensation_id: UUID
    complaint_id: UUID
    amount: MoneyAmount
    """Positive."""
    disputed: FactRef | None = None
    """The charge that it is set off against, if the case disputes one."""
    approved_by: Code
    """Staff code."""


class SatisfactionMeasured(CustomerFact):
    """What a customer expected and what it received, side by side (E-45)."""

    subject: ClassVar[str] = "dakehu.engagement.satisfaction_measured.v1"
    measurement_id: UUID
    survey: Word
    complaint_id: UUID | None = None
    """The case that was called back on (E-40)."""
    expected: Exact
    """In points of the scale."""
    received: Exact
    """In points of the scale."""
    scale_max: Exact
    """Most points that the scale gives."""
    measured_on: date


class GiftGiven(CustomerFact):
    """A gift of the company went to a customer (E-56 to E-58). Entity: `gift`."""

    subject: ClassVar[str] = "dakehu.engagement.gift_given.v1"
    gift_id: UUID
    item: Code
    item_name: Label
    quantity: Annotated[int, Field(ge=1)]
    value: MoneyAmount
    """Of all pieces."""
    given_by: Code
    """Staff code."""
    given_on: date
    returned: Count = 0
    """Pieces that were taken back since."""


class HandoverApplied(HandoverResult):
    """Engagement has given a leaver's obligations and cases to the successors (R-52)."""

    subject: ClassVar[str] = "dakehu.engagement.handover_applied.v1"


class FactRefused(FactRefusal):
    """Engagement refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.engagement.fact_refused.v1"
