"""Units with their centres, region classes and decisions about them, and staff."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

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
    Column("specialty", Text, comment="the trade of a professional bureau"),
    Column("region_class", Integer, comment="of the region that a city covers, as published"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

centres = Table(
    "centres",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("department", Text, nullable=False),
    Column("director_post", Text, nullable=False),
    Column("director_staff_code", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_up_by", Text, nullable=False),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Who directs a centre from which day on; the highest version that has begun holds.",
)

centre_decisions = Table(
    "centre_decisions",
    metadata,
    Column("decision_id", Uuid, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("is_granted", Boolean, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("findings", JSONB, nullable=False, comment="each condition with limit and finding"),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Whether a professional bureau may have a centre.",
)
Index("centre_decisions_unit", centre_decisions.c.unit, centre_decisions.c.decided_on)

region_classes = Table(
    "region_classes",
    metadata,
    Column("division_code", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("region_class", Integer, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Cities that were put into another class than the policy says.",
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
