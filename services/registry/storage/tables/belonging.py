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
    Column("overruled", Texts, nullable=False, server_default="{}"),
    Column("inputs", JSONB, nullable=False, server_default="{}", comment="what was weighed"),
    Column("policy_name", Text),
    Column("policy_version", Integer),
    Column("recorded_at", Instant, nullable=False),
    comment="Dated, as ownerships; shares are fractions written as text.",
)

customer_types = Table(
    "customer_types",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False, comment="a, b, c, d; none ends it"),
    Column("effective_on", Date, nullable=False),
    Column("terms", JSONB, nullable=False, comment="who leads, develops and serves"),
    Column("decided_by", Text, nullable=False),
    Column("decided_unit", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Dated: valid on a day is the highest sequence that has begun (R-38 to R-41).",
)

base_agreements = Table(
    "base_agreements",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("basis", Text, nullable=False, comment="fixed, previous-year; none ends it"),
    Column("effective_on", Date, nullable=False),
    Column("base_amount", Money),
    Column("base", JSONB, nullable=False),
    Column("increment", JSONB, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_unit", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Who keeps the base and who gets the increment of a customer, dated (R-44).",
)

sharing_terms = Table(
    "sharing_terms",
    metadata,
    Column("kind", Text, primary_key=True, comment="service-ratio, benefit-weights"),
    Column("unit", Text, primary_key=True, comment="who set them"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("effective_on", Date, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What the province and its specialty bureaus set for types B and D, dated.",
)

routings = Table(
    "routings",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False, comment="specialty, or authorised"),
    Column("unit", Text, nullable=False, comment="who develops"),
    Column("informed_unit", Text),
    Column("effective_on", Date, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_unit", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Which customers the province gave to a specialty bureau (R-43).",
)

delegations = Table(
    "delegations",
    metadata,
    Column("delegation_id", Uuid, primary_key=True),
    Column("from_unit", Text, nullable=False),
    Column("to_unit", Text, nullable=False),
    Column("powers", Texts, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False, comment="last day"),
    Column("granted_by", Text, nullable=False),
    Column("granted_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revoked_by", Text),
    Column("revoked_on", Date, comment="first day on which it holds no more"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Authority lent to a unit below until a day (R-42).",
)
Index("delegations_to_unit", delegations.c.to_unit, delegations.c.until_on)
Index("delegations_from_unit", delegations.c.from_unit, delegations.c.until_on)

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
    Column("kind", Text, nullable=False, comment="cooperation, supply, dispatch …"),
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
