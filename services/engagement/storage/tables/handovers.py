"""What engagement answered to hand-overs, and what it moved."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.engagement.storage.tables.columns import Instant, metadata

handover_answers = Table(
    "handover_answers",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied_on", Date, nullable=False),
    Column("moved", JSONB, nullable=False),
    Column("exceptions", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What was answered to every version of a hand-over; only ever added to.",
)

handover_moves = Table(
    "handover_moves",
    metadata,
    Column("handover_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("complaint_id", Uuid, primary_key=True),
    Column("customer_key", Uuid),
    Column("from_staff_code", Text, nullable=False),
    Column("to_staff_code", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Which cases changed hands; only ever added to.",
)
