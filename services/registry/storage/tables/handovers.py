"""Hand-overs from one member of staff to others, and rotations that lead to them."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, metadata

handovers = Table(
    "handovers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("from_staff_code", Text, nullable=False),
    Column("unit", Text, nullable=False, comment="where the leaver worked"),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_by", Text, comment="NULL: a fact started it"),
    Column("words", Text),
    Column("started_on", Date, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("overdue_on", Date, comment="the business date on which it was found overdue"),
    Column("completed_on", Date),
    Column("recorded_at", Instant, nullable=False),
    comment="What one person had goes to others.",
)
Index("handovers_from_staff_code", handovers.c.from_staff_code)
Index("handovers_open", handovers.c.due_on, postgresql_where=text("state = 'started'"))

handover_lines = Table(
    "handover_lines",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),
    Column("a_before", Text),
    Column("b_before", Text),
    Column("a_after", Text),
    Column("b_after", Text),
    Column("successor", Text, comment="NULL: still missing"),
    Column("named_by", Text, comment="NULL: the partner, by policy"),
    Column("managers_version", Integer),
    Column("digest_before", JSONB, nullable=False),
    Column("digest_after", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Of a customer the newest version holds; the digests are of everything but managers.",
)
Index("handover_lines_customer_key", handover_lines.c.customer_key)

handover_marks = Table(
    "handover_marks",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("customer_key", Uuid, comment="NULL: about the whole hand-over"),
    Column("on", Date, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("words", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="The checklist: what was done, on which day, by whom.",
)

handover_answers = Table(
    "handover_answers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("service", Text, primary_key=True),
    Column("applied_on", Date, nullable=False),
    Column("moved", JSONB, nullable=False),
    Column("exceptions", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What engagement and billing answered, once for each version.",
)

rotations = Table(
    "rotations",
    metadata,
    Column("rotation_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("lead_since_on", Date, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("postponed_until", Date),
    Column("decided_on", Date),
    Column("successor", Text),
    Column("bridge", Text, comment="who stays, so that never both go"),
    Column("bridge_until", Date, comment="the last day on which the bridge may not go"),
    Column("handover_id", Uuid),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Who has led a customer for too long, and what was decided.",
)
Index("rotations_customer_key", rotations.c.customer_key)
Index(
    "rotations_one_open_per_customer",
    rotations.c.customer_key,
    unique=True,
    postgresql_where=text("state IN ('proposed', 'postponed')"),
)

rotation_steps = Table(
    "rotation_steps",
    metadata,
    Column("rotation_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, comment="NULL: it fell due"),
    Column("reason", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="The history of a rotation.",
)
