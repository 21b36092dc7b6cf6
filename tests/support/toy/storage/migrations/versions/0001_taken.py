"""What the toy notes: one row per effect, so that an effect that happens twice is two rows."""

from __future__ import annotations

from alembic import op

revision = "toy_0001"
down_revision = None
branch_labels = ("toy",)
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE taken (position bigint GENERATED ALWAYS AS IDENTITY, ref text)")
    op.execute("CREATE TABLE observed (code text PRIMARY KEY)")


def downgrade() -> None:
    op.execute("DROP TABLE taken, observed")
