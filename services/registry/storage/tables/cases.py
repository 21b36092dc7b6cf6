"""Disputes, their evidence and rulings, and what is kept to be evidence."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, Money, Texts, metadata

disputes = Table(
    "disputes",
    metadata,
    Column("dispute_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("parties", Texts, nullable=False),
    Column("ruling_unit", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("opened_by", Text, comment="staff code; NULL when facts opened it"),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("ruled_on", Date),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("disputes_customer_key", disputes.c.customer_key)
Index(
    "disputes_one_open_per_customer",
    disputes.c.customer_key,
    unique=True,
    postgresql_where=text("state = 'open'"),
)

dispute_evidence = Table(
    "dispute_evidence",
    metadata,
    Column("dispute_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("amount", Money),
    Column("statement", Text),
    Column("submitted_by", Text),
    Column("recorded_at", Instant, nullable=False),
)

rulings = Table(
    "rulings",
    metadata,
    Column("ruling_id", Uuid, primary_key=True),
    Column("dispute_id", Uuid, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("owner_unit", Text, nullable=False),
    Column("base", JSONB, nullable=False),
    Column("increment", JSONB, nullable=False),
    Column("base_amount", Money),
    Column("effective_on", Date, nullable=False),
    Column("ruled_on", Date, nullable=False),
    Column("ruled_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("weights", JSONB, nullable=False, comment="what spoke for each party on that day"),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("rulings_customer_key", rulings.c.customer_key)

revenue_places = Table(
    "revenue_places",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("signed_at_unit", Text),
    Column("occurred_at_unit", Text),
    Column("amount", Money, nullable=False),
    comment="Revenue by place, as billing posted it: evidence for disputes.",
)
Index("revenue_places_customer_key", revenue_places.c.customer_key)

visit_places = Table(
    "visit_places",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("visited_on", Date, nullable=False),
    comment="Who visited, as engagement recorded it: evidence for disputes.",
)
Index("visit_places_customer_key", visit_places.c.customer_key)
