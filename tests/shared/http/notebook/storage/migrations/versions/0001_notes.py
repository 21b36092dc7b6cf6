"""Notes about customers."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "notebook_0001"
down_revision = None
branch_labels = ("notebook",)
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE notes (
            note_id uuid PRIMARY KEY, customer_key uuid NOT NULL, text text NOT NULL,
            worth numeric(18,2) NOT NULL, written_on date NOT NULL, version integer NOT NULL
        )""")
    protect(op, "notes", aspect="base")


def downgrade() -> None:
    op.execute("DROP TABLE notes")
