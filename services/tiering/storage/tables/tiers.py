"""Tiers: proposed, set by a person, in force."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.tiering.storage.tables.columns import metadata

proposals = Table(
    "proposals",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("scheme_version", Integer, nullable=False),
    Column("score_id", Uuid, nullable=False),
    Column("score_version", Integer, nullable=False),
    Column("period", Text, nullable=False),
    Column("cut_off", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("is_above_range", Boolean, nullable=False),
    Column("state", Text, nullable=False),  # proposed, approved, refused, withdrawn
    Column("proposed_on", Date, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("reason", Text),
    Column("effective_on", Date),
    Column("effected_on", Date),
    Column("policy_version", Integer, nullable=False),  # of tier-changes, the last that decided
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
Index("proposals_customer_key", proposals.c.customer_key, proposals.c.scheme)
Index("proposals_scheme_cut_off", proposals.c.scheme, proposals.c.cut_off, proposals.c.state)
Index(
    "proposals_one_open",
    proposals.c.customer_key,
    proposals.c.scheme,
    unique=True,
    postgresql_where=text("state = 'proposed'"),
)
Index(
    "proposals_due",
    proposals.c.effective_on,
    postgresql_where=text("state = 'approved' AND effected_on IS NULL"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("scored_tier", Text),
    Column("tier", Text),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

tiers = Table(
    "tiers",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("scheme_version", Integer, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("rank", Integer),
    Column("is_above_range", Boolean, nullable=False),
    Column("is_override", Boolean, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("proposal_id", Uuid, nullable=False),
    Column("score_id", Uuid, nullable=False),
    Column("governs", JSONB, nullable=False),
    Column("policy_name", Text, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("supersedes", Integer),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)
Index("tiers_scheme_effective_on", tiers.c.scheme, tiers.c.effective_on)
