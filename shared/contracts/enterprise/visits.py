"""Visits and other contacts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.envelope import CustomerReference, Enterprise, MoneyAmount, Part
from shared.contracts.values import Code, Instant, Name, Text, Word


class Direction(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class TargetPerson(Part):
    """Whom the visit was for."""

    level: Word
    """Rank at the customer: `working-contact`, `department-head`, `key-decision-maker` … (E-08)."""
    name: Name | None = None
    """Name of the person; stays in engagement."""


class VisitReported(Enterprise):
    """Somebody of ours visited a customer."""

    event_name: ClassVar[str] = "visit_reported"
    customer: CustomerReference
    """Whom it is about."""
    visitors: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Staff codes, the leader first."""
    kind: Word
    """`dedicated` counts towards cadence, `business` does not (E-11)."""
    channel: Word = "visit"
    """visit, phone, mail, event (E-14)."""
    target_person: TargetPerson
    """Whom at the customer it was for."""
    started_at: Instant
    """When it began."""
    ended_at: Instant | None = None
    """When it ended; absent: not noted."""
    content: Text
    """What was said and agreed."""
    expense: MoneyAmount | None = None
    """Travel expense that is claimed (E-25)."""


class ContactLogged(Enterprise):
    """A call or message between a customer and us; feeds the trust index (R-54)."""

    event_name: ClassVar[str] = "contact_logged"
    customer: CustomerReference
    """Whom it is about."""
    channel: Word
    """How it came about: visit, phone, mail, event, online …"""
    company_channel: bool
    """Whether it went over a number or account that belongs to the company (R-53)."""
    staff_code: Code | None = None
    """Who of us, if known."""
    direction: Direction
    """Inbound: the customer began."""
    occurred_at: Instant
    """When it happened."""
