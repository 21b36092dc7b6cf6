"""Complaints, their deadlines and compensations."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.enterprise import ComplaintKind
from shared.contracts.envelope import (
    CustomerDecision,
    Decision,
    FactRef,
    MoneyAmount,
    Part,
    Published,
    SourceRef,
)
from shared.contracts.values import Code, Count, Instant, Word


class ComplaintState(StrEnum):
    """Where a case stands (E-38 to E-40)."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    EXTERNAL = "external"


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
