"""Charges, what can be paid of them, payments, and which pays what."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "billing_0003"
down_revision = "billing_0002"
branch_labels = None
depends_on = None

_ADDED_TO = ("charge_cancellations", "late_fee_decisions", "payment_returns")
_CHANGING = ("positions", "awaited_charges", "charges", "items", "payments", "applications")
_PROTECTED = (*_CHANGING, *_ADDED_TO)


def upgrade() -> None:
    op.execute("""
        CREATE TABLE positions (
            customer_key uuid PRIMARY KEY, payment_mark text NOT NULL, item_mark text NOT NULL
        )""")
    op.execute("""
        CREATE TABLE awaited_charges (
            customer_key uuid NOT NULL, ref text NOT NULL, PRIMARY KEY (customer_key, ref)
        )""")
    _create_charges()
    _create_payments()
    for table in _ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in _PROTECTED:
        protect(op, table, aspect="money")


def downgrade() -> None:
    op.execute(f"DROP TABLE {', '.join(_PROTECTED)}")


def _create_charges() -> None:
    op.execute("""
        CREATE TABLE charges (
            charge_id uuid PRIMARY KEY, customer_key uuid NOT NULL, system text NOT NULL,
            ref text NOT NULL, business_line text NOT NULL,
            tariff_class text NOT NULL CHECK (tariff_class IN ('household', 'other')),
            gross numeric(18, 2) NOT NULL, tax numeric(18, 2) NOT NULL,
            cancelled numeric(18, 2) NOT NULL CHECK (cancelled BETWEEN 0 AND gross),
            issued_on date NOT NULL, state text NOT NULL CHECK (state IN (
                'open', 'overdue', 'settled', 'cancelled')), version integer NOT NULL,
            event_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX charges_customer ON charges (customer_key, ref)")
    op.execute("""
        CREATE TABLE charge_cancellations (
            cancellation_id uuid PRIMARY KEY, charge_id uuid NOT NULL, customer_key uuid NOT NULL,
            system text NOT NULL, ref text NOT NULL,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0), tax numeric(18, 2) NOT NULL,
            cancelled_on date NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX charge_cancellations_charge ON charge_cancellations (charge_id)")
    op.execute("""
        CREATE TABLE items (
            item_id uuid PRIMARY KEY, charge_id uuid NOT NULL, customer_key uuid NOT NULL,
            fee_of uuid, number integer NOT NULL, due_on date,
            billed numeric(18, 2) NOT NULL, amount numeric(18, 2) NOT NULL CHECK (amount >= 0),
            paid numeric(18, 2) NOT NULL CHECK (paid >= 0 AND paid <= amount),
            is_overdue boolean NOT NULL, accrued_on date, version integer NOT NULL
        )""")
    op.execute("CREATE INDEX items_charge ON items (charge_id)")
    op.execute("CREATE INDEX items_open ON items (customer_key, due_on) WHERE paid < amount")
    op.execute("CREATE INDEX items_due ON items (due_on) WHERE paid < amount AND fee_of IS NULL")
    op.execute("""
        CREATE TABLE late_fee_decisions (
            item_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            as_of date NOT NULL,
            amount numeric(18, 2) NOT NULL, is_minimum boolean NOT NULL, plan_version integer,
            parts jsonb NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (item_id, version)
        )""")


def _create_payments() -> None:
    op.execute("""
        CREATE TABLE payments (
            payment_id uuid PRIMARY KEY, customer_key uuid NOT NULL, system text NOT NULL,
            ref text NOT NULL, fund text NOT NULL CHECK (fund IN ('bank', 'deposit')),
            company_account text, collected_by text,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            returned numeric(18, 2) NOT NULL CHECK (returned BETWEEN 0 AND amount),
            applied numeric(18, 2) NOT NULL CHECK (applied BETWEEN 0 AND amount - returned),
            received_on date NOT NULL, remittance text[] NOT NULL, remittance_system text,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX payments_customer ON payments (customer_key)")
    op.execute("""
        CREATE TABLE payment_returns (
            return_id uuid PRIMARY KEY, payment_id uuid NOT NULL, customer_key uuid NOT NULL,
            system text NOT NULL, ref text NOT NULL,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            returned_on date NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX payment_returns_payment ON payment_returns (payment_id)")
    op.execute(
        "CREATE INDEX payments_unapplied ON payments (customer_key)"
        " WHERE applied < amount - returned"
    )
    op.execute("""
        CREATE TABLE applications (
            payment_id uuid NOT NULL, item_id uuid NOT NULL, customer_key uuid NOT NULL,
            is_named boolean NOT NULL, amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            event_on date NOT NULL, PRIMARY KEY (payment_id, item_id)
        )""")
    op.execute("CREATE INDEX applications_item ON applications (item_id)")
