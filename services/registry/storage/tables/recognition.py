"""Decisions on who is a key account, and what government customers are worth."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, Money, metadata

recognitions = Table(
    "recognitions",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("decided_on", Date, nullable=False),
    Column("is_recognised", Boolean, nullable=False),
    Column("route", Text),
    Column("kind", Text, nullable=False, comment="of the customer, once decided"),
    Column("held_by", Text, comment="the post that holds the data of such customers"),
    Column("routes", JSONB, nullable=False, comment="each condition with limit and finding"),
    Column("inputs", JSONB, nullable=False),
    Column("figures", JSONB, nullable=False, comment="the inputs that are money"),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Whether a customer is a key account, and why; the last one holds.",
)

government_profiles = Table(
    "government_profiles",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body_type", Text, nullable=False),
    Column("analysis", JSONB, nullable=False),
    Column("current_value", Money),
    Column("potential_value", Money),
    Column("analysed_on", Date, nullable=False),
    Column("analysed_by", Text, nullable=False),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What a government customer is and is worth; the last one holds.",
)
