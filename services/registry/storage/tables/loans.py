"""Assets of an archive, who keeps them, and the lending register of originals."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid, text

from services.registry.storage.tables.columns import Instant, metadata

archive_assets = Table(
    "archive_assets",
    metadata,
    Column("asset_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False, comment="original or summary (C27)"),
    Column("label", Text, nullable=False),
    Column("keeper", Text, nullable=False, comment="staff code"),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("archive_assets_customer_key", archive_assets.c.customer_key)
Index("archive_assets_keeper", archive_assets.c.keeper)

archive_asset_steps = Table(
    "archive_asset_steps",
    metadata,
    Column("asset_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("keeper", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="Custody and condition of an asset, step by step (R-71, R-72).",
)

archive_loans = Table(
    "archive_loans",
    metadata,
    Column("loan_id", Uuid, primary_key=True),
    Column("asset_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("borrower", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("requested_on", Date, nullable=False),
    Column("due_on", Date, nullable=False, comment="last day"),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False, comment="of archive-custody"),
    Column("recorded_at", Instant, nullable=False),
)
Index("archive_loans_customer_key", archive_loans.c.customer_key)
Index("archive_loans_borrower", archive_loans.c.borrower)
Index(
    "archive_loans_one_at_a_time",
    archive_loans.c.asset_id,
    unique=True,
    postgresql_where=text("state = 'lent'"),
)

archive_loan_steps = Table(
    "archive_loan_steps",
    metadata,
    Column("loan_id", Uuid, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("version", Integer, nullable=False, comment="of the loan after the step"),
    Column("customer_key", Uuid, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, comment="staff code; NULL for what the calendar did"),
    Column("note", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="The register: what happened to a loan, overdue too.",
)
