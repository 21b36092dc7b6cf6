"""Compensations that engagement approved, and how they were answered."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "billing_0007"
down_revision = "billing_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE compensations (
            compensation_id uuid PRIMARY KEY, complaint_id uuid NOT NULL,
            customer_key uuid NOT NULL, charge_id uuid,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0), decided_on date NOT NULL,
            refused_because text CHECK (refused_because IN (
                'another-customers-charge', 'exceeds-disputed-charge')),
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX compensations_customer ON compensations (customer_key, decided_on)")
    op.execute(
        "CREATE INDEX compensations_charge ON compensations (charge_id)"
        " WHERE refused_because IS NULL"
    )
    op.execute(
        "CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON compensations"
        " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
    )
    op.execute("ALTER TABLE payments DROP CONSTRAINT payments_fund_check")
    op.execute(
        "ALTER TABLE payments ADD CONSTRAINT payments_fund_check"
        " CHECK (fund IN ('bank', 'deposit', 'compensation'))"
    )
    protect(op, "compensations", aspect="money")


def downgrade() -> None:
    op.execute("ALTER TABLE payments DROP CONSTRAINT payments_fund_check")
    op.execute(
        "ALTER TABLE payments ADD CONSTRAINT payments_fund_check"
        " CHECK (fund IN ('bank', 'deposit'))"
    )
    op.execute("DROP TABLE compensations")
