"""What was answered to hand-overs, and which cases changed hands."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "engagement_0005"
down_revision = "engagement_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE handover_answers (
            handover_id uuid NOT NULL, version integer NOT NULL, applied_on date NOT NULL,
            moved jsonb NOT NULL, exceptions jsonb NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (handover_id, version)
        )""")
    op.execute("""
        CREATE TABLE handover_moves (
            handover_id uuid NOT NULL, version integer NOT NULL, complaint_id uuid NOT NULL,
            customer_key uuid, from_staff_code text NOT NULL, to_staff_code text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (handover_id, version, complaint_id)
        )""")
    for table in ("handover_answers", "handover_moves"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    # Registry shows the answers; here they are kept for the next version.
    op.execute("ALTER TABLE handover_answers ENABLE ROW LEVEL SECURITY")
    protect(op, "handover_moves", aspect="base")
    op.execute("CREATE INDEX complaints_handler ON complaints (handler) WHERE state <> 'closed'")


def downgrade() -> None:
    op.execute("DROP INDEX complaints_handler")
    for table in ("handover_moves", "handover_answers"):
        op.execute(f"DROP TABLE {table}")
