"""What the register of customers needs beyond its first version."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0003"
down_revision = "registry_0002"
branch_labels = None
depends_on = None

_REGISTER = ("issued_under", "customer_moves", "quality_flags", "flag_resolutions")


def upgrade() -> None:
    _create_register()


def downgrade() -> None:
    for table in (*_REGISTER, "division_corrections"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE customers DROP registered_capital, DROP capital_amount")


def _create_register() -> None:
    op.execute(
        "ALTER TABLE customers ADD registered_capital text, ADD capital_amount numeric(18, 2)"
    )
    _create_numbering()
    _create_quality()
    for table in (*_REGISTER, "division_corrections"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in _REGISTER:
        protect(op, table, aspect="base")


def _create_numbering() -> None:
    op.execute("""
        CREATE TABLE division_corrections (
            code text NOT NULL, since integer NOT NULL, revision integer NOT NULL,
            name text NOT NULL, until integer, is_retired boolean NOT NULL,
            successors text[] NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (code, since, revision)
        )""")
    op.execute("""
        CREATE TABLE issued_under (
            customer_id text PRIMARY KEY, customer_key uuid NOT NULL, division_code text NOT NULL,
            issued_on date NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    # Until now nobody could move, and every ID began with the six digits of its division.
    op.execute("""
        INSERT INTO issued_under
        SELECT customer_id, customer_key, left(customer_id, 6), registered_on, now()
        FROM customers WHERE customer_id IS NOT NULL""")
    op.execute("CREATE INDEX issued_under_customer_key ON issued_under (customer_key)")
    op.execute("""
        CREATE TABLE customer_moves (
            customer_key uuid NOT NULL, version integer NOT NULL, from_division text NOT NULL,
            to_division text NOT NULL, "on" date NOT NULL, moved_by text NOT NULL,
            reason text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")


def _create_quality() -> None:
    op.execute("""
        CREATE TABLE quality_flags (
            flag_id uuid PRIMARY KEY, customer_key uuid NOT NULL, field text NOT NULL,
            finding text NOT NULL, said text NOT NULL, kept text, system text, ref text,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX quality_flags_customer_key ON quality_flags (customer_key)")
    op.execute("""
        CREATE TABLE flag_resolutions (
            flag_id uuid PRIMARY KEY, customer_key uuid NOT NULL, outcome text NOT NULL,
            value text, reason text NOT NULL, "on" date NOT NULL, resolved_by text NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX flag_resolutions_customer_key ON flag_resolutions (customer_key)")
