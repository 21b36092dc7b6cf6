"""Deposits on objects, purchase agreements, and money that went where it must not go."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part

revision = "billing_0004"
down_revision = "billing_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE deposits (
            deposit_id uuid PRIMARY KEY, chain_id uuid NOT NULL, customer_key uuid NOT NULL,
            object_code text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('small', 'large')),
            state text NOT NULL CHECK (state IN (
                'taken', 'upgraded', 'applied', 'refunded', 'forfeited', 'expired')),
            amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            chain_amount numeric(18, 2) NOT NULL, price numeric(18, 2) NOT NULL,
            taken_on date NOT NULL, valid_until_on date NOT NULL, contract_due_on date NOT NULL,
            policy_version integer NOT NULL, version integer NOT NULL, upgraded_to uuid,
            agreement_id uuid, settled_on date, settled_amount numeric(18, 2)
        )""")
    # B-11: whoever comes second for an object waits for the first and is then refused.
    op.execute(
        "CREATE UNIQUE INDEX deposits_one_live_chain ON deposits (object_code)"
        " WHERE state = 'taken'"
    )
    op.execute("CREATE INDEX deposits_due ON deposits (valid_until_on) WHERE state = 'taken'")
    op.execute("CREATE INDEX deposits_customer ON deposits (customer_key)")
    op.execute("""
        CREATE TABLE deposit_changes (
            deposit_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL,
            "on" date NOT NULL, staff_code text, reason text, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (deposit_id, version)
        )""")
    op.execute("""
        CREATE TABLE agreements (
            agreement_id uuid PRIMARY KEY, number text NOT NULL UNIQUE,
            object_code text NOT NULL UNIQUE, customer_key uuid NOT NULL, charge_id uuid NOT NULL,
            price numeric(18, 2) NOT NULL, signed_on date NOT NULL, signed_at_unit text NOT NULL,
            staff_code text NOT NULL, version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX agreements_customer ON agreements (customer_key)")
    op.execute("""
        CREATE TABLE compliance_cases (
            case_id uuid PRIMARY KEY, customer_key uuid, kind text NOT NULL,
            system text NOT NULL, ref text NOT NULL, account text NOT NULL,
            amount numeric(18, 2) NOT NULL, received_on date NOT NULL, collected_by text,
            raised_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON deposit_changes"
        " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
    )
    for table in ("deposits", "agreements", "compliance_cases"):
        protect(op, table, aspect="money")
    protect_part(op, "deposit_changes", "deposits", "deposit_id")


def downgrade() -> None:
    op.execute("DROP TABLE compliance_cases, agreements, deposit_changes, deposits")
