"""Whose a customer is, and who may see it."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, Money, Texts, metadata

ownerships = Table(
    "ownerships",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("owner_unit", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("ruling_id", Uuid),
    Column("supersedes", Integer),
    Column("recorded_at", Instant, nullable=False),
    comment="Dated: valid on a day is the highest version that has begun.",
)

splits = Table(
    "splits",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("base", JSONB, nullable=False),
    Column("increment", JSONB, nullable=False),
    Column("base_amount", Money),
    Column("rule", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("ruling_id", Uuid),
    Column("supersedes", Integer),
    Column("recorded_at", Instant, nullable=False),
    comment="Dated, as ownerships; shares are fractions written as text.",
)

scopes = Table(
    "scopes",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("grants", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="The grants of a customer as last published.",
)

signatures = Table(
    "signatures",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("contract_id", Uuid, primary_key=True),
    Column("signed_on", Date, nullable=False),
    Column("signed_at_unit", Text),
    Column("publisher", Text, nullable=False, comment="registry, or billing for sale agreements"),
    Column("recorded_at", Instant, nullable=False),
    comment="What may have ended a development, whoever signed it.",
)

contracts = Table(
    "contracts",
    metadata,
    Column("contract_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("contract_number", Text),
    Column("signed_at_unit", Text, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("valid_until_on", Date),
    Column("business_lines", Texts, nullable=False),
    Column("business_at_units", Texts, nullable=False),
    Column("signed_by", Text),
    Column("source_system", Text),
    Column("source_ref", Text),
    Column("recorded_at", Instant, nullable=False),
)
Index("contracts_customer_key", contracts.c.customer_key)
