"""Revenue in the order of the days whose terms share it."""

from __future__ import annotations

from alembic import op

revision = "billing_0006"
down_revision = "billing_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX postings_customer_decided ON postings (customer_key, decided_on)")


def downgrade() -> None:
    op.execute("DROP INDEX postings_customer_decided")
