"""Corrections that a policy demands, of many charges at once: the set, and every step of it."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_unit

revision = "billing_0022"
down_revision = "billing_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE correction_batches (
            batch_id uuid NOT NULL, version integer NOT NULL, unit text NOT NULL,
            state text NOT NULL, rule jsonb NOT NULL, charges integer NOT NULL,
            total numeric(18, 2) NOT NULL, largest numeric(18, 2) NOT NULL,
            reason text NOT NULL, staff_code text NOT NULL, decided_on date NOT NULL,
            policy_version integer NOT NULL, inputs jsonb NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (batch_id, version)
        )""")
    op.execute("""
        CREATE TABLE correction_batch_charges (
            batch_id uuid NOT NULL, charge_id uuid NOT NULL, customer_key uuid NOT NULL,
            request_id uuid NOT NULL, amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            PRIMARY KEY (batch_id, charge_id)
        )""")
    for table in ("correction_batches", "correction_batch_charges"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect_unit(op, "correction_batches", "unit")
    protect(op, "correction_batch_charges", aspect="money")


def downgrade() -> None:
    op.execute("DROP TABLE correction_batch_charges, correction_batches")
