"""Complaints: cases, their rounds, clocks, steps, breaches and compensations."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part

revision = "engagement_0002"
down_revision = "engagement_0001"
branch_labels = None
depends_on = None

_ONLY_EVER_ADDED = ("complaint_steps", "complaint_breaches")
_OF_A_CASE = ("complaint_rounds", "complaint_clocks", "complaint_steps", "complaint_breaches")


def upgrade() -> None:
    _create_cases()
    _create_clocks()
    _create_compensations()
    for table in _ONLY_EVER_ADDED:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect(op, "complaints", aspect="base")
    protect(op, "compensations", aspect="base")
    # A case is also its unit's, and everybody's while it has neither customer nor unit.
    op.execute("""
        CREATE POLICY sees_case_of_unit ON complaints FOR SELECT TO dakehu_reader
        USING (unit IN (SELECT unit FROM kit.units_in_sight)
               OR (unit IS NULL AND customer_key IS NULL))""")
    for table in _OF_A_CASE:
        protect_part(op, table, "complaints", "complaint_id")


def downgrade() -> None:
    for table in ("compensations", *reversed(_OF_A_CASE), "complaints"):
        op.execute(f"DROP TABLE {table}")


def _create_cases() -> None:
    op.execute("""
        CREATE TABLE complaints (
            complaint_id uuid PRIMARY KEY, customer_key uuid, source_system text,
            source_ref text,
            kind text NOT NULL CHECK (kind IN
                ('complaint', 'consultation', 'enquiry', 'suggestion', 'compensation')),
            channel text NOT NULL, category text,
            words bytea NOT NULL, occurred_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL, recorded_by text, disputed_system text,
            disputed_type text, disputed_ref text,
            state text NOT NULL CHECK (state IN
                ('open', 'assigned', 'answered', 'resolved', 'closed', 'external')),
            level integer NOT NULL, unit text, handler text, result text,
            closed_at timestamptz, is_imported boolean NOT NULL, tier text,
            levels_version integer, version integer NOT NULL,
            CHECK (state <> 'closed' OR (result IS NOT NULL AND closed_at IS NOT NULL)),
            CHECK (state <> 'resolved' OR result IS NOT NULL)
        )""")
    op.execute("""
        CREATE INDEX complaints_occurred_at ON complaints (occurred_at, complaint_id)""")
    op.execute("CREATE INDEX complaints_customer_key ON complaints (customer_key)")
    op.execute("""
        CREATE UNIQUE INDEX complaints_source ON complaints (source_system, source_ref)
        WHERE source_ref IS NOT NULL""")
    op.execute("""
        CREATE TABLE complaint_rounds (
            complaint_id uuid NOT NULL, number integer NOT NULL,
            taken_up_at timestamptz NOT NULL, assigned_at timestamptz,
            answered_at timestamptz, resolved_at timestamptz, call_backs integer NOT NULL,
            ended_at timestamptz,
            PRIMARY KEY (complaint_id, number),
            CHECK (resolved_at IS NULL OR answered_at IS NOT NULL)
        )""")
    op.execute("""
        CREATE TABLE complaint_steps (
            complaint_id uuid NOT NULL, number integer NOT NULL, step text NOT NULL,
            happened_at timestamptz NOT NULL, staff_code text, unit text,
            level integer NOT NULL, words bytea, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (complaint_id, number)
        )""")


def _create_clocks() -> None:
    op.execute("""
        CREATE TABLE complaint_clocks (
            complaint_id uuid NOT NULL, round integer NOT NULL,
            stage text NOT NULL
                CHECK (stage IN ('accept', 'answer', 'resolve', 'call-back')),
            started_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
            is_provisional boolean NOT NULL, stopped_at timestamptz,
            PRIMARY KEY (complaint_id, round, stage)
        )""")
    op.execute("CREATE INDEX complaint_clocks_due_at ON complaint_clocks (due_at)")
    op.execute("""
        CREATE TABLE complaint_breaches (
            complaint_id uuid NOT NULL, round integer NOT NULL,
            stage text NOT NULL
                CHECK (stage IN ('accept', 'answer', 'resolve', 'call-back')),
            version integer NOT NULL, breach_id uuid NOT NULL, is_withdrawn boolean NOT NULL,
            as_of date NOT NULL, due_at timestamptz NOT NULL, level integer NOT NULL,
            unit text, levels_version integer NOT NULL, inputs jsonb NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (complaint_id, round, stage, version)
        )""")
    op.execute("""
        CREATE INDEX complaint_breaches_breach_id ON complaint_breaches (breach_id)""")


def _create_compensations() -> None:
    op.execute("""
        CREATE TABLE compensations (
            compensation_id uuid PRIMARY KEY, complaint_id uuid NOT NULL,
            customer_key uuid NOT NULL, amount numeric(18,2) NOT NULL CHECK (amount > 0),
            proposed_by text NOT NULL, proposed_on date NOT NULL, approved_by text,
            approved_on date, version integer NOT NULL,
            CHECK (approved_by <> proposed_by)
        )""")
    op.execute("""
        CREATE INDEX compensations_complaint_id ON compensations (complaint_id)""")
