"""What makes facts arrive once and leave once: inbox, outbox, fates, dead letters, waiting."""

from __future__ import annotations

from alembic import op

revision = "kit_0001"
down_revision = None
branch_labels = ("kit",)
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS kit")
    op.execute("""
        CREATE TABLE kit.inbox (
            source text NOT NULL, id text NOT NULL, received_at timestamptz NOT NULL,
            PRIMARY KEY (source, id)
        )""")
    op.execute("CREATE INDEX inbox_received_at ON kit.inbox USING brin (received_at)")
    op.execute("""
        CREATE TABLE kit.outbox (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            subject text NOT NULL, message_id text NOT NULL, body bytea NOT NULL,
            stored_at timestamptz NOT NULL, parked_at timestamptz, parked_reason text
        )""")
    op.execute("""
        CREATE TABLE kit.fates (
            system text NOT NULL, type text NOT NULL, ref text NOT NULL,
            event_id text NOT NULL, digest bytea NOT NULL,
            state text NOT NULL CHECK (state IN ('accepted', 'waiting', 'refused')),
            reason jsonb, decided_at timestamptz NOT NULL,
            PRIMARY KEY (system, type, ref)
        )""")
    op.execute("""
        CREATE TABLE kit.dead_letters (
            id uuid PRIMARY KEY, subject text NOT NULL, system text NOT NULL, source text,
            event_id text, ref text, code text NOT NULL, reason jsonb NOT NULL,
            message bytea NOT NULL,
            state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'replayed', 'discarded')),
            received_at timestamptz NOT NULL, resolved_at timestamptz, resolved_by text,
            resolution text
        )""")
    op.execute("COMMENT ON COLUMN kit.dead_letters.message IS 'sealed headers and body'")
    op.execute("CREATE INDEX dead_letters_open ON kit.dead_letters (id) WHERE state = 'open'")
    op.execute("""
        CREATE TABLE kit.waiting (
            id uuid PRIMARY KEY, kind text NOT NULL, key text NOT NULL, subject text NOT NULL,
            system text NOT NULL, source text NOT NULL, event_id text NOT NULL, ref text,
            message bytea NOT NULL, since timestamptz NOT NULL
        )""")
    op.execute("COMMENT ON COLUMN kit.waiting.message IS 'sealed headers and body'")
    op.execute("CREATE INDEX waiting_kind_key ON kit.waiting (kind, key)")
    op.execute("""
        CREATE TABLE kit.references (
            kind text NOT NULL, key text NOT NULL, PRIMARY KEY (kind, key)
        )""")
    op.execute("""
        CREATE TABLE kit.sealed_reads (
            id uuid PRIMARY KEY, what text NOT NULL, which text NOT NULL,
            staff_code text NOT NULL, read_at timestamptz NOT NULL
        )""")


def downgrade() -> None:
    op.execute("DROP SCHEMA kit CASCADE")
