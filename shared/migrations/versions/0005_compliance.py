"""Facts about customers with whom no business should have been done any more (R-20, R-22)."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "kit_0005_compliance"
down_revision = "kit_0004_imported_rows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE kit.business_while_stopped (
            case_id uuid PRIMARY KEY, customer_key uuid NOT NULL, kind text NOT NULL,
            event text NOT NULL, system text NOT NULL, ref text NOT NULL,
            occurred_on date NOT NULL, stopped_on date NOT NULL, raised_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE INDEX business_while_stopped_customer ON kit.business_while_stopped (customer_key)"
    )
    op.execute("GRANT SELECT ON kit.business_while_stopped TO dakehu_reader")
    protect(op, "kit.business_while_stopped", aspect="base")


def downgrade() -> None:
    op.execute("DROP TABLE kit.business_while_stopped")
