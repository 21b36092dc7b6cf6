"""What the duties of a customer depend on, and how far time was swept."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid

from services.engagement.storage.tables.columns import metadata

horizon = Table(
    "horizon",
    metadata,
    Column("is_it", Boolean, primary_key=True, comment="always true: there is one row"),
    Column("begun_on", Date, nullable=False, comment="the first business date ever swept"),
    Column("reached_on", Date, nullable=False, comment="the last business date swept"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("root", Uuid, nullable=False, comment="whom it was merged into, when last looked at"),
    Column("wake_on", Date, comment="when time alone may change its duties; NULL: never"),
    Column("planned_with", Integer, nullable=False, comment="newest cadence plan then known"),
    Column("tier", Text),
    Column("specialty_class", Text),
    Column("visit_class", Text),
    Column("gap", Text, comment="why nobody owes it anything (C8); NULL: somebody does"),
)
Index("accounts_wake_on", accounts.c.wake_on)

classes = Table(
    "classes",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_on", Date, nullable=False, comment="the business date on which it was known"),
    Column("specialty_class", Text),
    Column("visit_class", Text),
)

tiers = Table(
    "tiers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("tier", Text),
    Column("effective_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
)

managers = Table(
    "managers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("a", Text),
    Column("b", Text),
    Column("phase", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
)
