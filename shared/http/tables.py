"""What HTTP keeps in the database (schema `kit`)."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.messaging.tables import metadata

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, comment="of path, query and body"),
    Column("status", SmallInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="sealed"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    comment="Answers given under an Idempotency-Key, stored with what they report on.",
)
Index("idempotency_created_at", idempotency.c.created_at)
