"""An answered compensation says what it was compared with."""

from __future__ import annotations

from alembic import op

revision = "billing_0020"
down_revision = "billing_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE compensations ADD COLUMN charge_left numeric(18, 2),"
        " ADD COLUMN compensated_before numeric(18, 2)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE compensations DROP COLUMN charge_left, DROP COLUMN compensated_before")
