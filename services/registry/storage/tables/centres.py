"""Units and staff."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text

from services.registry.storage.tables.columns import Instant, Texts, metadata

units = Table(
    "units",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", Text),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("division_code", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

staff_events = Table(
    "staff_events",
    metadata,
    Column("system", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("staff_code", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("unit", Text),
    Column("roles", Texts, nullable=False),
    Column("name", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="What the personnel department reported; a person's state is folded from all of it.",
)
Index("staff_events_staff_code", staff_events.c.staff_code)

staff_states = Table(
    "staff_states",
    metadata,
    Column("staff_code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("roles", Texts, nullable=False),
    Column("state", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Published states; valid on a day is the highest version that has begun.",
)
