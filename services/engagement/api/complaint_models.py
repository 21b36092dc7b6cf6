"""Requests and answers of complaints."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.engagement.api.models import AtInstant, Command, Words
from services.engagement.domain.complaints.complaints import CallBack, ComplaintState
from services.engagement.domain.complaints.service_levels import Stage
from shared.contracts.enterprise import ComplaintKind
from shared.contracts.values import Code, Instant, Label, Ref, Word


class DisputedIn(Command):
    """The fact that the case disputes: a charge, revenue, a payment of some system."""

    system: Code
    type: Word
    ref: Ref


class ComplaintIn(Command):
    """What a customer came with; without `customer_key` it is nobody's that we know."""

    customer_key: UUID | None = None
    kind: ComplaintKind
    channel: Word = "phone"
    category: Label | None = None
    text: Words = Field(min_length=1)
    occurred_at: Instant | None = None
    disputed: DisputedIn | None = None


class AssignmentIn(AtInstant):
    """The responsible unit, and who handles it there."""

    unit: Code
    handler: Code | None = None


class AnswerIn(AtInstant):
    """What the customer was told."""

    text: Words = Field(min_length=1)


class ResolutionIn(AtInstant):
    """The result, as a word it is filed under (upheld, rejected, settled) and in words."""

    result: Word
    text: Words = Field(min_length=1)


class EscalationIn(AtInstant):
    """Why, and to which level; the next one if left out, the last one is the regulator."""

    reason: Words = Field(min_length=1)
    level: int | None = Field(default=None, ge=1, le=100)


class CallBackIn(AtInstant):
    """What the customer said when called back."""

    said: CallBack
    text: Words = ""


class ClockOut(BaseModel):
    """A time limit of one stage in one round; provisional: the calendar is not announced."""

    round: int
    stage: Stage
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    is_provisional: bool


class DisputedOut(BaseModel):
    """The fact that the case disputes."""

    system: str
    type: str
    ref: str


class ComplaintOut(BaseModel):
    """A case without its words; `level` counts escalations, `rounds` how often it was taken up."""

    complaint_id: UUID
    customer_key: UUID | None
    source_system: str | None
    source_ref: str | None
    kind: ComplaintKind
    channel: str
    category: str | None
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str | None
    disputed: DisputedOut | None
    state: ComplaintState
    level: int
    unit: str | None
    handler: str | None
    result: str | None
    closed_at: datetime | None
    is_imported: bool
    tier: str | None
    levels_version: int | None
    rounds: int
    clocks: list[ClockOut]
    breached: list[Stage]
    version: int


class StepOut(BaseModel):
    """One step of a case with its words."""

    number: int
    step: str
    happened_at: datetime
    staff_code: str | None
    unit: str | None
    level: int
    text: str


class CaseRecordOut(BaseModel):
    """The complaint form: what was said, answered and came of it (form 5)."""

    complaint_id: UUID
    text: str
    steps: list[StepOut]


def complaint(row: RowMapping) -> ComplaintOut:
    """The answer for one row of `reports.COMPLAINTS`."""
    known = dict(row)
    system, type_, ref = (known.pop(f"disputed_{part}") for part in ("system", "type", "ref"))
    disputed = DisputedOut(system=system, type=type_, ref=ref) if system else None
    return ComplaintOut(**known, disputed=disputed)
