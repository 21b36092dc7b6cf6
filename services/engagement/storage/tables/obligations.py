"""What is owed to whom by when, and what was decided about it."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.engagement.storage.tables.columns import Instant, Texts, metadata

obligations = Table(
    "obligations",
    metadata,
    Column("obligation_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("role", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target_levels", Texts, nullable=False),
    Column("period_unit", Text, nullable=False),
    Column("period_days", Integer),
    Column("minimum", Integer, nullable=False),
    Column("maximum", Integer),
    Column("scheme", Text, nullable=False),
    Column("tier", Text),
    Column("specialty_class", Text),
    Column("visit_class", Text),
    Column("plan_version", Integer, nullable=False),
    Column("unit", Text),
    Column("manager_a", Text),
    Column("manager_b", Text),
    Column("holder", Text),
    Column("visit_ids", ARRAY(Uuid), nullable=False),
    Column("met_on", Date),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("as_of", Date, nullable=False, comment="the business date of what was known"),
    Column("changed_at", Instant, nullable=False),
)
Index(
    "obligations_of_customer",
    obligations.c.customer_key,
    obligations.c.code,
    obligations.c.first_on,
    unique=True,
)
Index("obligations_due_on", obligations.c.due_on, obligations.c.obligation_id)
Index(
    "obligations_open",
    obligations.c.due_on,
    postgresql_where=text("state = 'due'"),
)

obligation_decisions = Table(
    "obligation_decisions",
    metadata,
    Column("obligation_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("kind", Text, nullable=False, comment="missed, or revised: it no longer holds"),
    Column("reason", Text),
    Column("as_of", Date, nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Only ever added to: a decision is revised beside, never altered.",
)
Index(
    "obligation_decisions_missed",
    obligation_decisions.c.customer_key,
    obligation_decisions.c.code,
    obligation_decisions.c.first_on,
    unique=True,
    postgresql_where=text("kind = 'missed'"),
)
