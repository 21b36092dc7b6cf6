"""The tables of tiering. Histories (scores, tiers, owners, reports) are only ever added to."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

schemes = Table(
    "schemes",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("scheme_version", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),  # of the row, for If-Match
    Column("state", Text, nullable=False),  # draft, active, retired
    Column("body", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", DateTime(timezone=True), nullable=False),
    Column("activated_by", Text),
    Column("activated_at", DateTime(timezone=True)),
    Column("activation_reason", Text),
    Column("effective_on", Date),
    Column("shipped_version", Integer),  # of the policy that brought it along
)
# One active version per scheme and first day, and so per period.
Index(
    "schemes_active",
    schemes.c.scheme,
    schemes.c.effective_on,
    unique=True,
    postgresql_where=text("state = 'active'"),
)

postings = Table(
    "postings",
    metadata,
    Column("posting_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("customer_key", Uuid, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("business_line", Text, nullable=False),
    Column("shares", JSONB, nullable=False),  # amount by unit, as strings
)

totals = Table(
    "totals",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),  # its first day
    Column("business_line", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("amount", Numeric(18, 2), nullable=False),
    Column("postings", Integer, nullable=False),
)

unit_revenue = Table(
    "unit_revenue",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("business_line", Text),  # NULL: all lines
    Column("year", Integer, nullable=False),
    Column("amount", Numeric(18, 2), nullable=False),
    Column("reported_on", Date, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
)
Index("unit_revenue_unit_year", unit_revenue.c.unit, unit_revenue.c.year)

usage = Table(
    "usage",
    metadata,
    Column("system", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("metric", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("value", Numeric, nullable=False),  # as reported
    Column("net", Numeric, nullable=False),  # less what was taken back; 0 for a reversal
    Column("reverses_ref", Text),
    Column("reported_at", DateTime(timezone=True), nullable=False),
)
Index("usage_customer_key", usage.c.customer_key, usage.c.metric, usage.c.from_on)

owners = Table(
    "owners",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
)

score_runs = Table(
    "score_runs",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("scheme_version", Integer, nullable=False),
    Column("period", Text, nullable=False),
    Column("from_on", Date),
    Column("cut_off", Date, nullable=False),
    Column("state", Text, nullable=False),  # running, complete
    Column("started_by", Text, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("last_customer_key", Uuid),
    Column("customers", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("scored", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("unscored", Integer, nullable=False),
    Column("proposed", Integer, nullable=False),
)
Index("score_runs_started_at", score_runs.c.started_at)

unscored = Table(
    "unscored",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("customer_key", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
)

scores = Table(
    "scores",
    metadata,
    Column("score_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("customer_key", Uuid, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("scheme_version", Integer, nullable=False),
    Column("period", Text, nullable=False),
    Column("cut_off", Date, nullable=False),
    Column("run_id", Uuid, nullable=False),
    Column("raw", Numeric, nullable=False),  # rounded for sorting; exact in the explanation
    Column("shown", Numeric, nullable=False),
    Column("tier", Text),
    Column("is_above_range", Boolean, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("explanation", JSONB, nullable=False),
    Column("scored_on", Date, nullable=False),
    Column("scored_at", DateTime(timezone=True), nullable=False),
)
Index("scores_scheme_cut_off", scores.c.scheme, scores.c.cut_off, scores.c.customer_key)
Index("scores_customer_key", scores.c.customer_key, scores.c.scheme, scores.c.cut_off)

score_denominators = Table(
    "score_denominators",
    metadata,
    Column("score_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("factor", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("business_line", Text),
    Column("year", Integer, nullable=False),
    Column("amount", Numeric(18, 2), nullable=False),
)
Index("score_denominators_unit_year", score_denominators.c.unit, score_denominators.c.year)

# What was noticed to have changed under a score; whoever approves looks again for himself.
stale_scores = Table(
    "stale_scores",
    metadata,
    Column("score_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("what", Text, primary_key=True),
    Column("customer_key", Uuid, nullable=False),
    Column("before", Text),
    Column("now", Text),
    Column("noticed_on", Date, nullable=False),
)

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

merges = Table(
    "merges",
    metadata,
    Column("customer_key", Uuid, primary_key=True),
    Column("survivor", Uuid, primary_key=True),
    Column("is_pending", Boolean, nullable=False),  # scores have to be looked at again
)
Index("merges_pending", merges.c.customer_key, postgresql_where=text("is_pending"))
