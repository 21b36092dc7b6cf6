"""Who was merged into whom, so that their scores are looked at again."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "tiering_0002"
down_revision = "tiering_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE merges (
            customer_key uuid NOT NULL, survivor uuid NOT NULL, is_pending boolean NOT NULL,
            PRIMARY KEY (customer_key, survivor)
        )""")
    op.execute("CREATE INDEX merges_pending ON merges (customer_key) WHERE is_pending")
    protect(op, "merges", aspect="base")


def downgrade() -> None:
    op.execute("DROP TABLE merges")
