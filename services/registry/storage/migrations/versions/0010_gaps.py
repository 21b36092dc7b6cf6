"""What was told of disputes; questions sealed with a key that has a name."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0010"
down_revision = "registry_0009"
branch_labels = None
depends_on = None

_STAYS = (
    *("question_id", "purpose", "asked_by", "unit", "asked_on", "asked_at", "answered"),
    "policy_version",
)


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE dispute_facts (
            dispute_id uuid NOT NULL,
            version integer NOT NULL,
            customer_key uuid NOT NULL,
            subject text NOT NULL,
            fact json NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (dispute_id, version)
        )
        """
    )
    op.execute(
        "CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON dispute_facts"
        " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
    )
    protect(op, "dispute_facts", aspect="dispute")
    op.execute("ALTER TABLE duplicate_questions ADD COLUMN sealed_with text NOT NULL DEFAULT ''")
    op.execute("CREATE INDEX duplicate_questions_sealed_with ON duplicate_questions (sealed_with)")
    op.execute("ALTER TABLE quality_flags ADD COLUMN said_secret uuid")
    _history_of_questions(f"UPDATE OF {', '.join(_STAYS)}")


def downgrade() -> None:
    _history_of_questions("UPDATE")
    op.execute("ALTER TABLE quality_flags DROP COLUMN said_secret")
    op.execute("ALTER TABLE duplicate_questions DROP COLUMN sealed_with")
    op.execute("DROP TABLE dispute_facts")


def _history_of_questions(changing: str) -> None:
    """Only added to, but for a seal: a newer key makes it anew over the same question."""
    op.execute("DROP TRIGGER only_ever_added ON duplicate_questions")
    op.execute(
        f"CREATE TRIGGER only_ever_added BEFORE {changing} OR DELETE ON duplicate_questions"
        " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
    )
