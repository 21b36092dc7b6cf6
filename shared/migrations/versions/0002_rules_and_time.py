"""What rules and time keep: policies, the progress of sweeps, corrections of the calendar."""

from __future__ import annotations

from alembic import op

revision = "kit_0002_rules_and_time"
down_revision = "kit_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION kit.only_ever_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%.% is only ever added to', TG_TABLE_SCHEMA, TG_TABLE_NAME;
        END $$""")
    op.execute("""
        CREATE TABLE kit.policies (
            name text NOT NULL, version integer NOT NULL CHECK (version >= 1),
            effective_on date NOT NULL, body jsonb NOT NULL, author text NOT NULL,
            reason text NOT NULL, source text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (name, version)
        )""")
    op.execute("""
        CREATE TABLE kit.sweep_progress (
            name text PRIMARY KEY, last_on date NOT NULL
        )""")
    op.execute("""
        CREATE TABLE kit.calendar_days (
            day date NOT NULL, version integer NOT NULL CHECK (version >= 1),
            is_working boolean NOT NULL, name text NOT NULL, source text NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (day, version)
        )""")
    op.execute("""
        CREATE TABLE kit.calendar_years (
            year integer PRIMARY KEY, source text NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    for table in ("policies", "calendar_days", "calendar_years"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON kit.{table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )


def downgrade() -> None:
    for table in ("calendar_years", "calendar_days", "sweep_progress", "policies"):
        op.execute(f"DROP TABLE kit.{table}")
    op.execute("DROP FUNCTION kit.only_ever_added()")
