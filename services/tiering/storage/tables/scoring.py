"""Runs, scores, and what was noticed to have changed under them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Index, Integer, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.tiering.storage.tables.columns import metadata

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
