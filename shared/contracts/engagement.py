"""What engagement publishes: `dakehu.engagement.<event>.v1`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from .enterprise import ComplaintKind
from .envelope import (
    CustomerDecision,
    CustomerFact,
    Decision,
    FactRef,
    FactRefusal,
    HandoverResult,
    MoneyAmount,
    Part,
    Published,
    SourceRef,
)
from .values import Code, Count, Day, Exact, Instant, Label, Period, Word


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


class ComplaintClock(Part):
    """A time limit of one stage of a case (E-39)."""

    stage: Word
    """`accept`, `answer`, `resolve`, `call-back`, `arrive` …"""
    started_at: Instant
    """When it began."""
    due_at: Instant
    """When the limit ends."""
    stopped_at: Instant | None = None
    """When it was kept; absent while it runs."""
    is_provisional: bool = False
    """The calendar is not announced yet; no breach is decided on it."""


class ComplaintChanged(Published):
    """A case as it is now; what was said stays in engagement. Entity: `complaint`."""

    subject: ClassVar[str] = "dakehu.engagement.complaint_changed.v1"
    complaint_id: UUID
    """The case."""
    source: SourceRef | None = None
    """The fact that raised it; absent: taken in here."""
    state: ComplaintState
    """Where it stands."""
    kind: ComplaintKind
    """What the customer came with."""
    channel: Word
    """How it came about: visit, phone, mail, event, online …"""
    occurred_at: Instant
    """When it happened."""
    opened_at: Instant
    """When we took it in."""
    responsible_unit: Code | None = None
    """The unit that must act."""
    handler: Code | None = None
    """Staff code of who handles it."""
    level: Count = 0
    """How often it was escalated; the last level is external."""
    clocks: tuple[ComplaintClock, ...] = ()
    """Every time limit it has had."""
    disputed: FactRef | None = None
    """The charge, revenue or payment that it disputes; dunning waits for it."""
    result: Word | None = None
    """`upheld`, `rejected`, `settled` …"""
    resolved_at: Instant | None = None
    """When it was resolved."""
    closed_at: Instant | None = None
    """When it was closed."""
    is_imported: bool = False
    """Came in as history: no deadlines, no consequences."""


class ComplaintBreached(Decision):
    """A time limit of a case passed unkept (E-39). Entity: `breach`."""

    subject: ClassVar[str] = "dakehu.engagement.complaint_breached.v1"
    breach_id: UUID
    """The breach."""
    complaint_id: UUID
    """The case."""
    stage: Word
    """The stage whose limit passed."""
    due_at: Instant
    """When the limit ends."""
    responsible_unit: Code | None = None
    """The unit that must act."""
    level: Count
    """The level that it is escalated to."""


class CompensationApproved(CustomerDecision):
    """A customer is to be compensated; billing posts or refuses it. Entity: `compensation`."""

    subject: ClassVar[str] = "dakehu.engagement.compensation_approved.v1"
    compensation_id: UUID
    """The compensation that was approved."""
    complaint_id: UUID
    """The case."""
    amount: MoneyAmount
    """Positive."""
    disputed: FactRef | None = None
    """The charge that it is set off against, if the case disputes one."""
    approved_by: Code
    """Staff code."""


class SatisfactionMeasured(CustomerFact):
    """What a customer expected and what it received (E-45). Entity: `measurement`."""

    subject: ClassVar[str] = "dakehu.engagement.satisfaction_measured.v1"
    measurement_id: UUID
    """The measurement."""
    survey: Word
    """The survey or call-back that asked."""
    complaint_id: UUID | None = None
    """The case that was called back on (E-40)."""
    expected: Exact
    """In points of the scale."""
    received: Exact
    """In points of the scale."""
    scale_max: Exact
    """Most points that the scale gives."""
    measured_on: Day
    """The day of the answer."""


class GiftGiven(CustomerFact):
    """A gift of the company went to a customer (E-56 to E-58). Entity: `gift`."""

    subject: ClassVar[str] = "dakehu.engagement.gift_given.v1"
    gift_id: UUID
    """The gift."""
    item: Code
    """Code of the item in stock."""
    item_name: Label
    """What it is."""
    quantity: Annotated[int, Field(ge=1)]
    """Pieces."""
    value: MoneyAmount
    """Of all pieces."""
    given_by: Code
    """Staff code."""
    given_on: Day
    """The day it was given."""
    returned: Count = 0
    """Pieces that were taken back since."""


class HandoverApplied(HandoverResult):
    """Engagement has given a leaver's obligations and cases to the successors (R-52)."""

    subject: ClassVar[str] = "dakehu.engagement.handover_applied.v1"


class FactRefused(FactRefusal):
    """Engagement refused a fact of another system for good."""

    subject: ClassVar[str] = "dakehu.engagement.fact_refused.v1"
