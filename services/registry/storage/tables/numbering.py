"""Divisions as a site corrects them, the numbers of IDs, and where an ID was issued."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid

from services.registry.storage.tables.columns import Instant, Texts, metadata

division_sequences = Table(
    "division_sequences",
    metadata,
    Column("division_code", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
    comment="The highest customer number given out; the row is the lock of its division.",
)

branch_sequences = Table(
    "branch_sequences",
    metadata,
    Column("head_office_id", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
    comment="The highest branch number given out; the row is the lock of its head office.",
)

division_corrections = Table(
    "division_corrections",
    metadata,
    Column("code", Text, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False, comment="0: not said"),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("until", Integer, comment="last year in use; NULL: still, or nobody knows"),
    Column("is_retired", Boolean, nullable=False),
    Column("successors", Texts, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What the site knows of divisions beyond the table of the library; the last holds.",
)

issued_under = Table(
    "issued_under",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Under which division an ID was given out: it stays, wherever the customer moves.",
)
Index("issued_under_customer_key", issued_under.c.customer_key)

customer_moves = Table(
    "customer_moves",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_division", Text, nullable=False),
    Column("to_division", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("moved_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Where a customer was before: its present division is on the customer.",
)
