"""What was answered to hand-overs of registry."""

from __future__ import annotations

from alembic import op

revision = "billing_0008"
down_revision = "billing_0007"
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
        CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON handover_answers
        FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()""")
    # Registry shows the answers; here they say what was answered already.
    op.execute("ALTER TABLE handover_answers ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("DROP TABLE handover_answers")
