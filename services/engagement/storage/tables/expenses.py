"""Expenses of visits, and who signed them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid

from services.engagement.storage.tables.columns import Instant, Money, Texts, metadata

expenses = Table(
    "expenses",
    metadata,
    Column("expense_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("claimant", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("is_verified_by_phone", Boolean, nullable=False),
    Column("verdict", Text),
    Column("refused_by", Text),
    Column("state", Text, nullable=False),
    Column("reasons", Texts, nullable=False),
    Column("decided_on", Date),
    Column("policy_version", Integer),
    Column("version", Integer, nullable=False),
)
Index("expenses_state", expenses.c.state, expenses.c.expense_id)

expense_signatures = Table(
    "expense_signatures",
    metadata,
    Column("expense_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("is_refusal", Boolean, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
