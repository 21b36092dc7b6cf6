"""Declarations and the chain that proves them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)

from services.registry.storage.tables.columns import Instant, Texts, metadata

declarations = Table(
    "declarations",
    metadata,
    Column("declaration_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("declaring_unit", Text, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("reporting_branch", Text),
    Column("development_unit", Text, nullable=False),
    Column("joint_units", Texts, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("decision_reason", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="For work and search; the evidence is the chain.",
)
Index("declarations_customer_key", declarations.c.customer_key)
Index("declarations_state", declarations.c.state, declarations.c.declaration_id)

declaration_chain = Table(
    "declaration_chain",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("declaration_id", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("payload", Text, nullable=False, comment="canonical JSON, byte for byte what is hashed"),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    comment="Every declaration and every decision about one, each with the hash of the one before.",
)
Index("declaration_chain_declaration_id", declaration_chain.c.declaration_id)

declaration_chain_head = Table(
    "declaration_chain_head",
    metadata,
    Column("only", Boolean, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    comment="The end of the chain; the row is the lock that keeps entries in order.",
)

developer_proposals = Table(
    "developer_proposals",
    metadata,
    Column("declaration_id", Uuid, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("development_unit", Text, nullable=False),
    Column("joint_units", Texts, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Who is to develop and serve, as an administrator proposed; the newest counts.",
)
Index("developer_proposals_customer", developer_proposals.c.customer_key)

documents = Table(
    "documents",
    metadata,
    Column("document_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number_secret", Uuid, comment="sealed in archive_secrets: it may be a person's"),
    Column("number_ends", Text, comment="the last signs, for people to recognise it by"),
    Column("issued_on", Date),
    Column("valid_until_on", Date),
    Column("inspected_on", Date),
    Column("digest", Text, comment="SHA-256 of the copy"),
    Column("kept_at", Text, nullable=False, comment="where the original lies"),
    Column("registered_by", Text, nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Documents of customers; of each kind the one registered last counts.",
)
Index("documents_customer_key", documents.c.customer_key, documents.c.kind)

document_waivers = Table(
    "document_waivers",
    metadata,
    Column("declaration_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("waived_by", Text, nullable=False),
    Column("waived_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("document_waivers_customer_key", document_waivers.c.customer_key)
