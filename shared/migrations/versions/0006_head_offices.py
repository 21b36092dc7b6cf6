"""A head office finds its branches (R-32)."""

from __future__ import annotations

from alembic import op

revision = "kit_0006_head_offices"
down_revision = "kit_0005_compliance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX customers_head_office ON kit.customers (head_office_key)"
        " WHERE head_office_key IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX kit.customers_head_office")
