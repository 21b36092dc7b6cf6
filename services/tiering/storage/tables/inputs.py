"""What is scored: revenue, usage, the units' own figures, owners and who is who."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.tiering.storage.tables.columns import metadata

postings = Table(
    "postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("business_line", Text, nullable=False),
    Column("shares", JSONB, nullable=False),  # amount by unit, as strings
)

totals = Table(
    "totals",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),  # its first day
    Column("business_line", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("amount", Numeric(18, 2), nullable=False),
    Column("postings", Integer, nullable=False),
)

unit_revenue = Table(
    "unit_revenue",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("business_line", Text),  # NULL: all lines
    Column("year", Integer, nullable=False),
    Column("amount", Numeric(18, 2), nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
)
Index("unit_revenue_unit_year", unit_revenue.c.unit, unit_revenue.c.year)

usage = Table(
    "usage",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("metric", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("value", Numeric, nullable=False),  # as reported
    Column("net", Numeric, nullable=False),  # less what was taken back; 0 for a reversal
    Column("reverses_ref", Text),
    Column("reported_at", DateTime(timezone=True), nullable=False),
)
Index("usage_customer_key", usage.c.customer_key, usage.c.metric, usage.c.from_on)

owners = Table(
    "owners",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
)

merges = Table(
    "merges",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("survivor", Uuid, primary_key=True),
    Column("is_pending", Boolean, nullable=False),  # scores have to be looked at again
)
Index("merges_pending", merges.c.customer_key, postgresql_where=text("is_pending"))
