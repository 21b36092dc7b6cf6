"""Complaints with their rounds, clocks, steps, breaches and compensations."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.engagement.storage.tables.columns import Instant, Money, metadata

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, comment="NULL: the system that reported it knew none"),
    Column("source_system", Text),
    Column("source_ref", Text),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("category", Text),
    Column("words", LargeBinary, nullable=False, comment="what was said; sealed"),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text),
    Column("disputed_system", Text),
    Column("disputed_type", Text),
    Column("disputed_ref", Text),
    Column("state", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("unit", Text),
    Column("handler", Text),
    Column("result", Text),
    Column("closed_at", Instant),
    Column("is_imported", Boolean, nullable=False),
    Column("tier", Text, comment="in the scheme that governs the limits, when it was opened"),
    Column("levels_version", Integer, comment="version of the service levels"),
    Column("version", Integer, nullable=False),
)
Index("complaints_occurred_at", complaints.c.occurred_at, complaints.c.complaint_id)
Index("complaints_customer_key", complaints.c.customer_key)
Index("complaints_handler", complaints.c.handler, postgresql_where=text("state <> 'closed'"))
Index(
    "complaints_source",
    complaints.c.source_system,
    complaints.c.source_ref,
    unique=True,
    postgresql_where=text("source_ref IS NOT NULL"),
)

complaint_rounds = Table(
    "complaint_rounds",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taken_up_at", Instant, nullable=False),
    Column("assigned_at", Instant),
    Column("answered_at", Instant),
    Column("resolved_at", Instant),
    Column("call_backs", Integer, nullable=False),
    Column("ended_at", Instant),
)

complaint_clocks = Table(
    "complaint_clocks",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("stage", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("stopped_at", Instant),
)
Index("complaint_clocks_due_at", complaint_clocks.c.due_at)

complaint_steps = Table(
    "complaint_steps",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("staff_code", Text, comment="NULL: a sweep, or another system"),
    Column("unit", Text),
    Column("level", Integer, nullable=False),
    Column("words", LargeBinary, comment="answer, result, what was said; sealed"),
    Column("recorded_at", Instant, nullable=False),
    comment="The history of a case; only ever added to.",
)

complaint_breaches = Table(
    "complaint_breaches",
    metadata,
    Column("complaint_id", Uuid, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("stage", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("breach_id", Uuid, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("level", Integer, nullable=False),
    Column("unit", Text),
    Column("levels_version", Integer, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Only ever added to: a breach is withdrawn beside, never altered.",
)
Index("complaint_breaches_breach_id", complaint_breaches.c.breach_id)

compensations = Table(
    "compensations",
    metadata,
    Column("compensation_id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("amount", Money, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("approved_by", Text),
    Column("approved_on", Date),
    Column("posted_on", Date, comment="as billing answered"),
    Column("refused_because", Text, comment="as billing answered"),
    Column("version", Integer, nullable=False),
)
Index("compensations_complaint_id", compensations.c.complaint_id)

disclosures = Table(
    "disclosures",
    metadata,
    Column("disclosure_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False, comment="visit or complaint"),
    Column("subject_id", Uuid, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("read_at", Instant, nullable=False),
    comment="Who read the words of which visit or case; only ever added to.",
)
Index("disclosures_subject_id", disclosures.c.subject_id)
