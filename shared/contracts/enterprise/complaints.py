"""What customers come with."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from shared.contracts.envelope import CustomerReference, Enterprise, FactRef
from shared.contracts.values import Code, Instant, Label, Text, Word


class ComplaintKind(StrEnum):
    """What a customer comes with (E-37)."""

    COMPLAINT = "complaint"
    CONSULTATION = "consultation"
    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    COMPENSATION = "compensation"


class ComplaintRaised(Enterprise):
    """A customer complained, asked, suggested or claimed (E-37)."""

    event_name: ClassVar[str] = "complaint_raised"
    customer: CustomerReference | None = None
    """Absent when the system knows no customer."""
    channel: Word
    """How it came: phone, online, letter, visit …"""
    kind: ComplaintKind
    """What the customer comes with."""
    category: Label | None = None
    """What it is about, in the sender's words."""
    text: Text
    """What the customer said."""
    occurred_at: Instant
    """When it happened."""
    disputed: FactRef | None = None
    """The charge, revenue or payment that it disputes."""
    unit: Code | None = None
    """The unit it concerns, if the sender knows."""


class ComplaintClosed(Enterprise):
    """A complaint was closed elsewhere; `ref` is that of the complaint."""

    event_name: ClassVar[str] = "complaint_closed"
    closed_at: Instant
    """When it was closed."""
    result: Text
    """How it ended."""
