"""Which rows of imported files a handler has taken, so that a second run changes nothing."""

from __future__ import annotations

from alembic import op

revision = "kit_0004_imported_rows"
down_revision = "kit_0003_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE kit.imported_rows (
            system text NOT NULL, kind text NOT NULL, ref text NOT NULL,
            digest bytea NOT NULL, imported_at timestamptz NOT NULL,
            PRIMARY KEY (system, kind, ref)
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE kit.imported_rows")
