"""What takes back the same revenue is found together, and shared in an order of its own."""

from __future__ import annotations

from alembic import op

revision = "billing_0019"
down_revision = "billing_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE postings ADD COLUMN remaining_base numeric(18, 2),"
        " ADD COLUMN original_ref text"
    )
    # What is left of the base stays unknown: such a reversal is looked at anew with its next one.
    op.execute("""
        UPDATE postings SET original_ref = original.ref
        FROM postings original WHERE original.posting_id = postings.reverses
    """)
    op.execute("CREATE INDEX postings_reverses ON postings (reverses) WHERE reverses IS NOT NULL")


def downgrade() -> None:
    op.execute("DROP INDEX postings_reverses")
    op.execute("ALTER TABLE postings DROP COLUMN remaining_base, DROP COLUMN original_ref")
