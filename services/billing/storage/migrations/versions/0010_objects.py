"""Preliminary agreements with three signatures; sales registered or cancelled; excess deposits."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part

revision = "billing_0010"
down_revision = "billing_0009"
branch_labels = None
depends_on = None

_HISTORIES = ("agreement_changes", "preliminary_changes", "preliminary_signatures")


def upgrade() -> None:
    op.execute("""
        ALTER TABLE deposits ADD COLUMN contract_overdue_on date,
            ADD COLUMN preliminary_id uuid,
            ADD COLUMN excess_amount numeric(18, 2) NOT NULL DEFAULT 0
                CHECK (excess_amount BETWEEN 0 AND chain_amount)""")
    op.execute(
        "CREATE INDEX deposits_contract_due ON deposits (contract_due_on)"
        " WHERE state IN ('taken', 'expired') AND contract_overdue_on IS NULL"
        " AND agreement_id IS NULL"
    )
    op.execute("""
        ALTER TABLE agreements
            ADD COLUMN state text NOT NULL DEFAULT 'signed'
                CHECK (state IN ('signed', 'registered', 'cancelled')),
            ADD COLUMN preliminary_id uuid, ADD COLUMN authority jsonb,
            ADD COLUMN registration_number text UNIQUE, ADD COLUMN settled_on date,
            ADD COLUMN settled_by text, ADD COLUMN is_recognised boolean NOT NULL DEFAULT false,
            DROP CONSTRAINT agreements_object_code_key""")
    # What was cancelled can be sold again.
    op.execute(
        "CREATE UNIQUE INDEX agreements_sold_once ON agreements (object_code)"
        " WHERE state <> 'cancelled'"
    )
    op.execute("""
        CREATE TABLE agreement_changes (
            agreement_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL,
            "on" date NOT NULL, staff_code text NOT NULL, reason text,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (agreement_id, version)
        )""")
    op.execute(
        "INSERT INTO agreement_changes"
        " SELECT agreement_id, 1, 'signed', signed_on, staff_code, NULL, recorded_at"
        " FROM agreements"
    )
    _create_preliminary_agreements()
    for table in _HISTORIES:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect(op, "preliminary_agreements", aspect="money")
    protect_part(op, "agreement_changes", "agreements", "agreement_id")
    for table in ("preliminary_changes", "preliminary_signatures"):
        protect_part(op, table, "preliminary_agreements", "preliminary_id")


def _create_preliminary_agreements() -> None:
    op.execute("""
        CREATE TABLE preliminary_agreements (
            preliminary_id uuid PRIMARY KEY, number text NOT NULL UNIQUE,
            object_code text NOT NULL, customer_key uuid NOT NULL,
            price numeric(18, 2) NOT NULL CHECK (price > 0), drawn_up_on date NOT NULL,
            staff_code text NOT NULL,
            state text NOT NULL CHECK (state IN ('open', 'signed', 'filed', 'taken_back', 'void')),
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE UNIQUE INDEX preliminary_agreements_open"
        " ON preliminary_agreements (object_code, customer_key) WHERE state IN ('open', 'signed')"
    )
    op.execute(
        "CREATE INDEX preliminary_agreements_customer ON preliminary_agreements (customer_key)"
    )
    op.execute("""
        CREATE TABLE preliminary_signatures (
            preliminary_id uuid NOT NULL,
            party text NOT NULL CHECK (party IN ('customer', 'salesperson', 'manager')),
            staff_code text NOT NULL, signed_on date NOT NULL, signatory text, authority jsonb,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (preliminary_id, party)
        )""")
    op.execute("""
        CREATE TABLE preliminary_changes (
            preliminary_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL,
            staff_code text, reason text, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (preliminary_id, version)
        )""")


def downgrade() -> None:
    op.execute(
        "DROP TABLE preliminary_changes, preliminary_signatures, preliminary_agreements,"
        " agreement_changes"
    )
    op.execute("DROP INDEX agreements_sold_once")
    op.execute("""
        ALTER TABLE agreements ADD CONSTRAINT agreements_object_code_key UNIQUE (object_code),
            DROP COLUMN state, DROP COLUMN preliminary_id, DROP COLUMN authority,
            DROP COLUMN registration_number, DROP COLUMN settled_on, DROP COLUMN settled_by,
            DROP COLUMN is_recognised""")
    op.execute("DROP INDEX deposits_contract_due")
    op.execute(
        "ALTER TABLE deposits DROP COLUMN contract_overdue_on, DROP COLUMN preliminary_id,"
        " DROP COLUMN excess_amount"
    )
