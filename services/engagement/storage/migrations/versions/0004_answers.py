"""What billing answered to an approved compensation."""

from __future__ import annotations

from alembic import op

revision = "engagement_0004"
down_revision = "engagement_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE compensations ADD COLUMN posted_on date, ADD COLUMN refused_because text"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE compensations DROP COLUMN posted_on, DROP COLUMN refused_because")
