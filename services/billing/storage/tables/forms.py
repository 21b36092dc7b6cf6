"""What was taken out of the books, by whom and for what."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.billing.storage.tables.columns import Instant, metadata

exports = Table(
    "exports",
    metadata,
    Column("export_id", Uuid, primary_key=True),
    Column("exported_at", Instant, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("filters", JSONB, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    comment="Who took which rows out of the books, and for what (X-08, X-11).",
)
