"""Deposits on objects, purchase agreements, and money that went the wrong way."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

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
    Column("contract_overdue_on", Date, comment="found on: the contract was not signed in time"),
    Column("preliminary_id", Uuid),
    Column(
        "excess_amount",
        Money,
        nullable=False,
        server_default="0",
        comment="what of the chain has no effect of a deposit",
    ),
    comment="Deposits on objects; the live one of a chain holds the money of all.",
)
Index(
    "deposits_one_live_chain",
    deposits.c.object_code,
    unique=True,
    postgresql_where=text("state = 'taken'"),
)
Index("deposits_due", deposits.c.valid_until_on, postgresql_where=text("state = 'taken'"))
Index(
    "deposits_contract_due",
    deposits.c.contract_due_on,
    postgresql_where=text(
        "state IN ('taken', 'expired') AND contract_overdue_on IS NULL AND agreement_id IS NULL"
    ),
)
Index(
    "deposits_unsettled",
    deposits.c.object_code,
    postgresql_where=text("state IN ('taken', 'expired') AND agreement_id IS NULL"),
)
Index("deposits_customer", deposits.c.customer_key)
Index("deposits_object", deposits.c.object_code)
Index("deposits_chain", deposits.c.chain_id)
Index("deposits_agreement", deposits.c.agreement_id)

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
    Column("object_code", Text, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("charge_id", Uuid, nullable=False),
    Column("price", Money, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("signed_at_unit", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("state", Text, nullable=False, server_default="signed"),
    Column("preliminary_id", Uuid),
    Column("authority", JSONB, comment="of the agent who signed for the customer"),
    Column("registration_number", Text, unique=True),
    Column("settled_on", Date, comment="registered or cancelled on"),
    Column("settled_by", Text),
    Column(
        "is_recognised",
        Boolean,
        nullable=False,
        server_default="false",
        comment="its revenue is posted",
    ),
    comment="Purchase agreements of objects.",
)
Index("agreements_customer", agreements.c.customer_key)
Index("agreements_object", agreements.c.object_code)
Index(
    "agreements_awaiting_revenue",
    agreements.c.agreement_id,
    postgresql_where=text("state = 'registered' AND NOT is_recognised"),
)
Index(
    "agreements_sold_once",
    agreements.c.object_code,
    unique=True,
    postgresql_where=text("state <> 'cancelled'"),
)

agreement_changes = Table(
    "agreement_changes",
    metadata,
    Column("agreement_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("reason", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="What became of every purchase agreement, and who did it.",
)

preliminary_agreements = Table(
    "preliminary_agreements",
    metadata,
    Column("preliminary_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("object_code", Text, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("price", Money, nullable=False),
    Column("drawn_up_on", Date, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What is signed before a deposit is taken.",
)
Index(
    "preliminary_agreements_open",
    preliminary_agreements.c.object_code,
    preliminary_agreements.c.customer_key,
    unique=True,
    postgresql_where=text("state IN ('open', 'signed')"),
)
Index("preliminary_agreements_customer", preliminary_agreements.c.customer_key)

preliminary_signatures = Table(
    "preliminary_signatures",
    metadata,
    Column("preliminary_id", Uuid, primary_key=True),
    Column("party", Text, primary_key=True),
    Column("staff_code", Text, nullable=False, comment="who signed, or saw the customer sign"),
    Column("signed_on", Date, nullable=False),
    Column("signatory", Text, comment="who signed for the customer"),
    Column("authority", JSONB, comment="of an agent"),
    Column("recorded_at", Instant, nullable=False),
    comment="Who signed a preliminary agreement for which party.",
)

preliminary_changes = Table(
    "preliminary_changes",
    metadata,
    Column("preliminary_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("staff_code", Text, comment="NULL: it fell due"),
    Column("reason", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="What became of every preliminary agreement, and who did it.",
)

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
