"""Who read which words: the records of visits and what customers said are confidential."""

from __future__ import annotations

from alembic import op

revision = "engagement_0003"
down_revision = "engagement_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE disclosures (
            disclosure_id uuid PRIMARY KEY, kind text NOT NULL, subject_id uuid NOT NULL,
            staff_code text NOT NULL, read_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX disclosures_subject_id ON disclosures (subject_id)")
    op.execute("""
        CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON disclosures
        FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()""")
    # No reader sees it: it is for the site's auditors.
    op.execute("ALTER TABLE disclosures ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("DROP TABLE disclosures")
