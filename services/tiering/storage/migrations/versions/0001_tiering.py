"""Schemes, totals of revenue, usage and denominators, scores, proposals and tiers."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_unit

revision = "tiering_0001"
down_revision = None
branch_labels = ("tiering",)
depends_on = None

_ONLY_EVER_ADDED = (
    *("unit_revenue", "owners", "scores", "score_denominators", "overrides", "tiers"),
)


def upgrade() -> None:
    _create_schemes()
    _create_revenue()
    _create_usage_and_owners()
    _create_scores()
    _create_proposals()
    _create_tiers()
    for table in _ONLY_EVER_ADDED:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    # Money is seen through the unit of the posting; what a score is made of, as money is.
    protect_unit(op, "totals")
    protect_unit(op, "unit_revenue")
    for table in (
        *("postings", "usage", "scores", "score_denominators", "stale_scores", "unscored"),
    ):
        protect(op, table, aspect="money")
    for table in ("owners", "proposals", "overrides", "tiers"):
        protect(op, table, aspect="base")


def downgrade() -> None:
    for table in (
        *("tiers", "overrides", "proposals", "stale_scores", "score_denominators", "scores"),
        *("unscored", "score_runs", "owners", "usage", "unit_revenue", "totals", "postings"),
        "schemes",
    ):
        op.execute(f"DROP TABLE {table}")


def _create_schemes() -> None:
    op.execute("""
        CREATE TABLE schemes (
            scheme text NOT NULL, scheme_version integer NOT NULL CHECK (scheme_version >= 1),
            version integer NOT NULL,
            state text NOT NULL CHECK (state IN ('draft', 'active', 'retired')),
            body jsonb NOT NULL, source text NOT NULL,
            drafted_by text NOT NULL, drafted_at timestamptz NOT NULL,
            activated_by text, activated_at timestamptz, activation_reason text,
            effective_on date, shipped_version integer,
            PRIMARY KEY (scheme, scheme_version),
            CHECK ((state = 'draft') = (effective_on IS NULL))
        )""")
    op.execute("""
        CREATE UNIQUE INDEX schemes_active ON schemes (scheme, effective_on)
        WHERE state = 'active'""")


def _create_revenue() -> None:
    # Totals are updated over and over in place: room on the page keeps that cheap.
    op.execute("""
        CREATE TABLE postings (
            posting_id uuid PRIMARY KEY, version integer NOT NULL, customer_key uuid NOT NULL,
            occurred_on date NOT NULL, business_line text NOT NULL, shares jsonb NOT NULL
        )""")
    op.execute("""
        CREATE TABLE totals (
            customer_key uuid NOT NULL, month date NOT NULL, business_line text NOT NULL,
            unit text NOT NULL, amount numeric(18,2) NOT NULL, postings integer NOT NULL,
            PRIMARY KEY (customer_key, month, business_line, unit)
        ) WITH (fillfactor = 70)""")
    op.execute("""
        CREATE TABLE unit_revenue (
            system text NOT NULL, ref text NOT NULL, unit text NOT NULL, business_line text,
            year integer NOT NULL, amount numeric(18,2) NOT NULL, reported_on date NOT NULL,
            reported_at timestamptz NOT NULL,
            PRIMARY KEY (system, ref)
        )""")
    op.execute("CREATE INDEX unit_revenue_unit_year ON unit_revenue (unit, year)")


def _create_usage_and_owners() -> None:
    op.execute("""
        CREATE TABLE usage (
            system text NOT NULL, ref text NOT NULL, customer_key uuid NOT NULL,
            metric text NOT NULL, period text NOT NULL, from_on date NOT NULL, to_on date NOT NULL,
            value numeric NOT NULL, net numeric NOT NULL, reverses_ref text,
            reported_at timestamptz NOT NULL,
            PRIMARY KEY (system, ref)
        )""")
    op.execute("CREATE INDEX usage_customer_key ON usage (customer_key, metric, from_on)")
    op.execute("""
        CREATE TABLE owners (
            customer_key uuid NOT NULL, version integer NOT NULL, unit text NOT NULL,
            effective_on date NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")


def _create_scores() -> None:
    op.execute("""
        CREATE TABLE score_runs (
            run_id uuid PRIMARY KEY, version integer NOT NULL, scheme text NOT NULL,
            scheme_version integer NOT NULL, period text NOT NULL, from_on date,
            cut_off date NOT NULL, state text NOT NULL CHECK (state IN ('running', 'complete')),
            started_by text NOT NULL, started_on date NOT NULL, started_at timestamptz NOT NULL,
            last_customer_key uuid, customers integer NOT NULL, seen integer NOT NULL,
            scored integer NOT NULL, unchanged integer NOT NULL, unscored integer NOT NULL,
            proposed integer NOT NULL
        )""")
    op.execute("CREATE INDEX score_runs_started_at ON score_runs (started_at)")
    op.execute("""
        CREATE TABLE unscored (
            run_id uuid NOT NULL, customer_key uuid NOT NULL, reason text NOT NULL,
            detail jsonb NOT NULL,
            PRIMARY KEY (run_id, customer_key)
        )""")
    op.execute("""
        CREATE TABLE scores (
            score_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            scheme text NOT NULL, scheme_version integer NOT NULL, period text NOT NULL,
            cut_off date NOT NULL, run_id uuid NOT NULL, raw numeric NOT NULL,
            shown numeric NOT NULL, tier text, is_above_range boolean NOT NULL,
            inputs jsonb NOT NULL, explanation jsonb NOT NULL, scored_on date NOT NULL,
            scored_at timestamptz NOT NULL,
            PRIMARY KEY (score_id, version)
        )""")
    op.execute("""
        CREATE TABLE score_denominators (
            score_id uuid NOT NULL, version integer NOT NULL, factor text NOT NULL,
            customer_key uuid NOT NULL, unit text NOT NULL, business_line text,
            year integer NOT NULL, amount numeric(18,2) NOT NULL,
            PRIMARY KEY (score_id, version, factor)
        )""")
    op.execute("CREATE INDEX score_denominators_unit_year ON score_denominators (unit, year)")
    op.execute("""
        CREATE TABLE stale_scores (
            score_id uuid NOT NULL, version integer NOT NULL, what text NOT NULL,
            customer_key uuid NOT NULL, before text, now text, noticed_on date NOT NULL,
            PRIMARY KEY (score_id, version, what)
        )""")
    op.execute("CREATE INDEX scores_scheme_cut_off ON scores (scheme, cut_off, customer_key)")
    op.execute("CREATE INDEX scores_customer_key ON scores (customer_key, scheme, cut_off)")


def _create_proposals() -> None:
    op.execute("""
        CREATE TABLE proposals (
            proposal_id uuid PRIMARY KEY, version integer NOT NULL, customer_key uuid NOT NULL,
            scheme text NOT NULL, scheme_version integer NOT NULL, score_id uuid NOT NULL,
            score_version integer NOT NULL, period text NOT NULL, cut_off date NOT NULL,
            kind text NOT NULL, before text, after text, is_above_range boolean NOT NULL,
            state text NOT NULL
                CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn')),
            proposed_on date NOT NULL, decided_by text, decided_on date, reason text,
            effective_on date, effected_on date, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX proposals_customer_key ON proposals (customer_key, scheme)")
    op.execute("CREATE INDEX proposals_scheme_cut_off ON proposals (scheme, cut_off, state)")
    op.execute("""
        CREATE UNIQUE INDEX proposals_one_open ON proposals (customer_key, scheme)
        WHERE state = 'proposed'""")
    op.execute("""
        CREATE INDEX proposals_due ON proposals (effective_on)
        WHERE state = 'approved' AND effected_on IS NULL""")
    op.execute("""
        CREATE TABLE overrides (
            proposal_id uuid PRIMARY KEY, customer_key uuid NOT NULL, scored_tier text, tier text,
            decided_by text NOT NULL, reason text NOT NULL, decided_on date NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")


def _create_tiers() -> None:
    op.execute("""
        CREATE TABLE tiers (
            customer_key uuid NOT NULL, scheme text NOT NULL, version integer NOT NULL,
            scheme_version integer NOT NULL, before text, after text, rank integer,
            is_above_range boolean NOT NULL, is_override boolean NOT NULL,
            effective_on date NOT NULL, decided_by text NOT NULL, proposal_id uuid NOT NULL,
            score_id uuid NOT NULL, governs jsonb NOT NULL, policy_name text NOT NULL,
            policy_version integer NOT NULL, as_of date NOT NULL, supersedes integer,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, scheme, version)
        )""")
    op.execute("CREATE INDEX tiers_scheme_effective_on ON tiers (scheme, effective_on)")
