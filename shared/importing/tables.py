"""The kit's table (schema `kit`) for imports that go through handlers."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text

from shared.messaging.tables import metadata

imported_rows = Table(
    "imported_rows",
    metadata,
    Column("system", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    comment="Rows of files that a handler took, with their content: a second run changes nothing.",
)
