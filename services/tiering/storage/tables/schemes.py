"""Schemes and their versions."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from services.tiering.storage.tables.columns import metadata

schemes = Table(
    "schemes",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("scheme_version", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),  # of the row, for If-Match
    Column("state", Text, nullable=False),  # draft, active, retired
    Column("body", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", DateTime(timezone=True), nullable=False),
    Column("activated_by", Text),
    Column("activated_at", DateTime(timezone=True)),
    Column("activation_reason", Text),
    Column("effective_on", Date),
    Column("shipped_version", Integer),  # of the policy that brought it along
)
# One active version per scheme and first day, and so per period.
Index(
    "schemes_active",
    schemes.c.scheme,
    schemes.c.effective_on,
    unique=True,
    postgresql_where=text("state = 'active'"),
)
