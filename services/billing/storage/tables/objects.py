"""Deposits on objects, purchase agreements, and money that went the wrong way."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid, text

from services.billing.storage.tables.columns import Instant, Money, metadata

deposits = Table(
    "deposits",
    metadata,
    Column("deposit_id", Uuid, primary_key=True),
    Column("chain_id", Uuid, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("object_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("chain_amount", Money, nullable=False),
    Column("price", Money, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("valid_until_on", Date, nullable=False),
    Column("contract_due_on", Date, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("upgraded_to", Uuid),
    Column("agreement_id", Uuid),
    Column("settled_on", Date),
    Column("settled_amount", Money),
    comment="Deposits on objects; the live one of a chain holds the money of all.",
)
Index(
    "deposits_one_live_chain",
    deposits.c.object_code,
    unique=True,
    postgresql_where=text("state = 'taken'"),
)
Index("deposits_due", deposits.c.valid_until_on, postgresql_where=text("state = 'taken'"))
Index("deposits_customer", deposits.c.customer_key)

deposit_changes = Table(
    "deposit_changes",
    metadata,
    Column("deposit_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("staff_code", Text, comment="NULL: it fell due"),
    Column("reason", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="What happened to every deposit, and who did it.",
)

agreements = Table(
    "agreements",
    metadata,
    Column("agreement_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("object_code", Text, nullable=False, unique=True),
    Column("customer_key", Uuid, nullable=False),
    Column("charge_id", Uuid, nullable=False),
    Column("price", Money, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("signed_at_unit", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Purchase agreements of objects.",
)
Index("agreements_customer", agreements.c.customer_key)

compliance_cases = Table(
    "compliance_cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, comment="NULL: the payer is unknown, only operators see it"),
    Column("kind", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("collected_by", Text),
    Column("raised_at", Instant, nullable=False),
    comment="Money that went where it must not go (B-36).",
)
