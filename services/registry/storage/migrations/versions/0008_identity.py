"""Duplicates, merges and search."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0008"
down_revision = "registry_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_search()
    _create_marks()
    _create_questions()
    _create_identities()
    for table in ("duplicate_questions", "identities"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect(op, "customer_search", aspect="base")
    protect(op, "contact_marks", aspect="archive")
    protect(op, "identities", aspect="base")
    # Who asked for whom is read by commands alone, which say who reads.
    op.execute("REVOKE SELECT ON duplicate_questions FROM dakehu_reader")


def downgrade() -> None:
    for table in ("identities", "duplicate_questions", "contact_marks", "customer_search"):
        op.execute(f"DROP TABLE {table}")


def _create_search() -> None:
    op.execute("""
        CREATE TABLE customer_search (
            customer_key uuid PRIMARY KEY, name text NOT NULL, short_name text,
            former_names text[] NOT NULL, terms text NOT NULL, pinyin text NOT NULL,
            grams text[] NOT NULL, features bigint[] NOT NULL
        )""")
    op.execute("CREATE INDEX customer_search_order ON customer_search (name, customer_key)")
    op.execute("CREATE INDEX customer_search_pinyin ON customer_search (pinyin text_pattern_ops)")
    op.execute("CREATE INDEX customer_search_grams ON customer_search USING gin (grams)")
    op.execute("CREATE INDEX customer_search_features ON customer_search USING gin (features)")


def _create_marks() -> None:
    op.execute("""
        CREATE TABLE contact_marks (
            customer_key uuid NOT NULL, source text NOT NULL, kind text NOT NULL,
            mark bytea NOT NULL, key_id text NOT NULL, sealed bytea NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, source, kind, mark)
        )""")
    op.execute("CREATE INDEX contact_marks_mark ON contact_marks (mark, kind)")
    op.execute("CREATE INDEX contact_marks_key_id ON contact_marks (key_id)")


def _create_questions() -> None:
    op.execute("""
        CREATE TABLE duplicate_questions (
            question_id uuid PRIMARY KEY, purpose text NOT NULL, asked_by text NOT NULL,
            unit text NOT NULL, asked_on date NOT NULL, asked_at timestamptz NOT NULL,
            asked bytea NOT NULL, answered jsonb NOT NULL, policy_version integer NOT NULL
        )""")
    op.execute(
        "CREATE INDEX duplicate_questions_asked_by ON duplicate_questions (asked_by, asked_on)"
    )


def _create_identities() -> None:
    op.execute("""
        CREATE TABLE identities (
            customer_key uuid NOT NULL, version integer NOT NULL, survivor uuid,
            merge_id uuid NOT NULL, "on" date NOT NULL, by text NOT NULL, reason text NOT NULL,
            preview jsonb NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")
    op.execute("CREATE INDEX identities_survivor ON identities (survivor)")
    op.execute("CREATE INDEX identities_merge_id ON identities (merge_id)")
