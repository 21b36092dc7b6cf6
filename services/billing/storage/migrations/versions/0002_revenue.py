"""Revenue postings, and the versions of splits and ownerships that share them."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part

revision = "billing_0002"
down_revision = "billing_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE splits (
            customer_key uuid NOT NULL, split_id uuid NOT NULL, version integer NOT NULL,
            effective_on date NOT NULL, rule text NOT NULL,
            base_units text[] NOT NULL, base_shares numeric[] NOT NULL,
            increment_units text[] NOT NULL, increment_shares numeric[] NOT NULL,
            base_amount numeric(18, 2), ruling_id uuid,
            PRIMARY KEY (customer_key, split_id, version)
        )""")
    op.execute("""
        CREATE TABLE ownerships (
            customer_key uuid NOT NULL, version integer NOT NULL, effective_on date NOT NULL,
            owner_unit text NOT NULL, rule text NOT NULL, ruling_id uuid,
            PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE postings (
            posting_id uuid PRIMARY KEY, customer_key uuid NOT NULL, journal_id uuid NOT NULL,
            split_id uuid, reverses uuid, occurred_on date NOT NULL, decided_on date NOT NULL,
            version integer NOT NULL, terms_version integer NOT NULL, event_at timestamptz NOT NULL,
            amount numeric(18, 2) NOT NULL, base numeric(18, 2) NOT NULL,
            reversed numeric(18, 2) NOT NULL,
            system text NOT NULL, ref text NOT NULL, business_line text NOT NULL,
            rule text NOT NULL, signed_at_unit text, occurred_at_unit text,
            CONSTRAINT reversed_in_part CHECK (
                reversed = 0 OR (sign(reversed) <> sign(amount) AND abs(reversed) <= abs(amount)))
        )""")
    # Splits that tell base from increment are few, and the hot path asks for them every time.
    op.execute(
        "CREATE INDEX splits_with_base ON splits (customer_key) WHERE base_amount IS NOT NULL"
    )
    op.execute("CREATE INDEX postings_customer ON postings (customer_key, occurred_on)")
    op.execute("""
        CREATE TABLE posting_history (
            posting_id uuid NOT NULL, version integer NOT NULL, journal_id uuid NOT NULL,
            split_id uuid, terms_version integer NOT NULL, rule text NOT NULL,
            base numeric(18, 2) NOT NULL, reason text NOT NULL, ruling_id uuid,
            replaced_at timestamptz NOT NULL, PRIMARY KEY (posting_id, version)
        )""")
    for table in ("splits", "ownerships", "posting_history"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in ("splits", "ownerships", "postings"):
        protect(op, table, aspect="money")
    protect_part(op, "posting_history", "postings", "posting_id")


def downgrade() -> None:
    op.execute("DROP TABLE posting_history, postings, ownerships, splits")
