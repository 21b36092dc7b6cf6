"""Credit: what groups owe, how much they may, what is reserved, and how customers pay."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.billing.storage.tables.columns import Instant, Money, metadata

credit_limit_proposals = Table(
    "credit_limit_proposals",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False, comment="the head office"),
    Column("amount", Money, comment="NULL: no limit"),
    Column("effective_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Limits that somebody asked for.",
)
Index("credit_limit_proposals_customer", credit_limit_proposals.c.customer_key)

credit_limit_decisions = Table(
    "credit_limit_decisions",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("is_approved", Boolean, nullable=False),
    Column("limit_version", Integer, comment="NULL: refused"),
    Column("amount", Money, comment="NULL: no limit"),
    Column("effective_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("policy_version", Integer),
    Column("recorded_at", Instant, nullable=False),
    comment="What became of them; the approved ones are the limits, each from its day on.",
)
Index(
    "credit_limit_versions",
    credit_limit_decisions.c.customer_key,
    credit_limit_decisions.c.limit_version,
    unique=True,
    postgresql_where=text("is_approved"),
)

credit_reservations = Table(
    "credit_reservations",
    metadata,
    Column("reservation_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("amount", Money, nullable=False),
    Column("consumed", Money, nullable=False, comment="what charges have taken of it"),
    Column("purpose", Text, nullable=False),
    Column("ref", Text, nullable=False, unique=True),
    Column("reserved_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("reserved_by", Text, nullable=False),
    Column("policy_version", Integer),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("inputs", JSONB, nullable=False, server_default="{}", comment="what the decision saw"),
    comment="Room under a limit that is kept free for a purchase.",
)
Index(
    "credit_reservations_customer",
    credit_reservations.c.customer_key,
    postgresql_where=text("state = 'live'"),
)
Index(
    "credit_reservations_due",
    credit_reservations.c.until_on,
    postgresql_where=text("state = 'live'"),
)

credit_reservation_changes = Table(
    "credit_reservation_changes",
    metadata,
    Column("reservation_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("consumed", Money, nullable=False),
    Column("on", Date, nullable=False),
    Column("staff_code", Text, comment="NULL: it fell due, or a charge took it"),
    Column("charge_id", Uuid),
    Column("reason", Text),
    Column("recorded_at", Instant, nullable=False),
    comment="What happened to every reservation.",
)
Index("credit_reservation_changes_customer", credit_reservation_changes.c.customer_key)

credit_crossings = Table(
    "credit_crossings",
    metadata,
    Column("customer_key", Uuid, primary_key=True, comment="the head office"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("is_exceeded", Boolean, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("receivable", Money, nullable=False),
    Column("unapplied", Money, nullable=False),
    Column("reserved", Money, nullable=False),
    Column("credit_limit", Money),
    Column("limit_version", Integer, comment="NULL: the policy's limit for the grade"),
    Column("grade", Text),
    Column("policy_version", Integer),
    Column("exposure_version", BigInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("tier", Text),
    Column("customer_class", Text),
    comment="When a group came above its limit, and when below again.",
)

framework_contracts = Table(
    "framework_contracts",
    metadata,
    Column("contract_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("valid_until_on", Date),
    Column("version", Integer, nullable=False),
    comment="Framework contracts as registry last published them.",
)
Index("framework_contracts_customer", framework_contracts.c.customer_key)

credit_assessments = Table(
    "credit_assessments",
    metadata,
    Column("assessment_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("score", Numeric, comment="NULL: nothing to judge by"),
    Column("grade", Text),
    Column("punctuality", Numeric),
    Column("days_late", Numeric),
    Column("inputs", JSONB, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("credit_limit", Money),
    Column("exposure", Money, nullable=False),
    Column("assessed_by", Text, comment="NULL: the month was over"),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("customer_key", "version"),
    comment="How customers pay, each time that somebody or a sweep looked.",
)
