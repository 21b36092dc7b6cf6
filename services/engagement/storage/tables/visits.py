"""Visits, who took part, and how they were verified."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid, text

from services.engagement.storage.tables.columns import Instant, Money, Texts, metadata

visits = Table(
    "visits",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("source_system", Text),
    Column("source_ref", Text),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target_level", Text, nullable=False),
    Column("target_name", LargeBinary, comment="sealed"),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("visited_on", Date, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="sealed"),
    Column("expense", Money),
    Column("recorded_by", Text),
    Column("recorded_at", Instant, nullable=False),
    Column("verdict", Text),
    Column("unit", Text, comment="the leader's, on the day of the visit"),
    Column("roles", Texts, nullable=False),
    Column("is_too_early", Boolean, nullable=False),
    Column("version", Integer, nullable=False, comment="0: not published yet"),
)
Index("visits_customer_key", visits.c.customer_key, visits.c.visited_on)
Index("visits_visited_on", visits.c.visited_on, visits.c.visit_id)

visit_visitors = Table(
    "visit_visitors",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("staff_code", Text, nullable=False),
)
Index("visit_visitors_staff_code", visit_visitors.c.staff_code)

verifications = Table(
    "verifications",
    metadata,
    Column("verification_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("verdict", Text),
    Column("verified_by", Text),
    Column("verified_at", Instant),
    Column("version", Integer, nullable=False),
)
Index(
    "verifications_open",
    verifications.c.due_on,
    verifications.c.verification_id,
    postgresql_where=text("verdict IS NULL"),
)

verification_calls = Table(
    "verification_calls",
    metadata,
    Column("verification_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("found", Text, nullable=False),
    Column("note", LargeBinary, comment="sealed"),
    Column("called_by", Text, nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
