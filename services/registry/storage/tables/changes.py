"""Credit problems, and changes of a customer that need an application with proof."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.storage.tables.columns import Instant, metadata

credit_problems = Table(
    "credit_problems",
    metadata,
    Column("problem_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_at_unit", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("reported_to", Text, nullable=False, comment="the next higher centre"),
    Column("noted_by", Text),
    Column("noted_on", Date),
    Column("lifted_by", Text),
    Column("lifted_on", Date),
    Column("lifted_for", Text),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="Why a customer was suspended, to whom it was reported, and who lifted it.",
)
Index("credit_problems_customer_key", credit_problems.c.customer_key)
Index("credit_problems_reported_to", credit_problems.c.reported_to)
Index(
    "credit_problems_one_open",
    credit_problems.c.customer_key,
    unique=True,
    postgresql_where=text("lifted_on IS NULL"),
)

change_applications = Table(
    "change_applications",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("proof_kind", Text, nullable=False),
    Column("proof_number", Text),
    Column("proof_digest", Text, nullable=False, comment="SHA-256 of the copy"),
    Column("proof_kept_at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("applied_at_unit", Text, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("decision_reason", Text),
    Column("policy_version", Integer),
    Column("performed_on", Date),
    Column("blocked_for", Text, comment="why it could not be performed on its day"),
    Column("version", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("change_applications_customer_key", change_applications.c.customer_key)
Index(
    "change_applications_due",
    change_applications.c.effective_on,
    postgresql_where=text("state = 'approved' AND performed_on IS NULL"),
)

former_names = Table(
    "former_names",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("unified_credit_code", Text),
    Column("until_on", Date, nullable=False, comment="the last day it was the name"),
    Column("application_id", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="What a customer was called before; it is still found under it.",
)
Index("former_names_name_key", former_names.c.name_key)
Index("former_names_unified_credit_code", former_names.c.unified_credit_code)

service_pauses = Table(
    "service_pauses",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("recorded_at", Instant, nullable=False),
    comment="Days on which service is temporarily removed, as applied for.",
)
Index("service_pauses_customer_key", service_pauses.c.customer_key)
