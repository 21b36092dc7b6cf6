"""Units, staff, customers, the numbers of IDs, and the chain of declarations."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_unit

revision = "registry_0001"
down_revision = None
branch_labels = ("registry",)
depends_on = None

_ONLY_ADDED_TO = ("staff_events", "staff_states", "customer_changes", "declaration_chain")
_BASE = ("customers", "customer_changes", "customer_codes", "declarations")


def upgrade() -> None:
    _create_organisation()
    _create_customers()
    _create_sequences()
    _create_declarations()
    for table in _ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in _BASE:
        protect(op, table, aspect="base")
    for table in ("staff_states", "staff_events"):
        protect_unit(op, table)
    # The chain and what nobody was matched with are read by commands alone, which say who asked.
    op.execute(
        "REVOKE SELECT ON declaration_chain, declaration_chain_head, observations"
        " FROM dakehu_reader"
    )


def downgrade() -> None:
    for table in (
        *("declaration_chain_head", "declaration_chain", "declarations"),
        *("branch_sequences", "division_sequences", "observations", "customer_codes"),
        *("customer_changes", "customers", "staff_states", "staff_events", "units"),
    ):
        op.execute(f"DROP TABLE {table}")


def _create_organisation() -> None:
    op.execute("""
        CREATE TABLE units (
            unit text PRIMARY KEY, name text NOT NULL, parent text, level text NOT NULL,
            kind text NOT NULL, division_code text, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE TABLE staff_events (
            system text NOT NULL, kind text NOT NULL, ref text NOT NULL,
            staff_code text NOT NULL, "on" date NOT NULL, unit text, roles text[] NOT NULL,
            name text, recorded_at timestamptz NOT NULL, PRIMARY KEY (system, kind, ref)
        )""")
    op.execute("CREATE INDEX staff_events_staff_code ON staff_events (staff_code)")
    op.execute("""
        CREATE TABLE staff_states (
            staff_code text NOT NULL, version integer NOT NULL, effective_on date NOT NULL,
            name text NOT NULL, unit text NOT NULL, roles text[] NOT NULL, state text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (staff_code, version)
        )""")


def _create_customers() -> None:
    op.execute("""
        CREATE TABLE customers (
            customer_key uuid PRIMARY KEY, name text NOT NULL, name_key text NOT NULL,
            short_name text, kind text NOT NULL, division_code text NOT NULL, industry text,
            unified_credit_code text, head_office_key uuid, specialty_class text,
            visit_class text, is_one_off boolean NOT NULL, is_opening boolean NOT NULL,
            declaring_unit text NOT NULL, reporting_branch text, joint_units text[] NOT NULL,
            declared_on date NOT NULL, approved_on date, customer_id text UNIQUE,
            registered_on date, suspended_on date, suspended_for text, closed_on date,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX customers_head_office_key ON customers (head_office_key)")
    op.execute("CREATE INDEX customers_name_key ON customers (name_key)")
    op.execute("CREATE INDEX customers_unified_credit_code ON customers (unified_credit_code)")
    op.execute("""
        CREATE TABLE customer_changes (
            customer_key uuid NOT NULL, version integer NOT NULL, step text NOT NULL,
            "on" date NOT NULL, by text, reason text, state text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE customer_codes (
            system text NOT NULL, code text NOT NULL, customer_key uuid NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (system, code)
        )""")
    op.execute("CREATE INDEX customer_codes_customer_key ON customer_codes (customer_key)")
    op.execute("""
        CREATE TABLE observations (
            system text NOT NULL, code text NOT NULL, name text NOT NULL,
            name_key text NOT NULL, unified_credit_code text, phone text, address text,
            division_code text, industry text, observed_at timestamptz NOT NULL,
            ref text NOT NULL, PRIMARY KEY (system, code)
        )""")
    op.execute("CREATE INDEX observations_name_key ON observations (name_key)")
    op.execute(
        "CREATE INDEX observations_unified_credit_code ON observations (unified_credit_code)"
    )


def _create_sequences() -> None:
    op.execute("""
        CREATE TABLE division_sequences (
            division_code text PRIMARY KEY, last_number integer NOT NULL
        )""")
    op.execute("""
        CREATE TABLE branch_sequences (
            head_office_id text PRIMARY KEY, last_number integer NOT NULL
        )""")


def _create_declarations() -> None:
    op.execute("""
        CREATE TABLE declarations (
            declaration_id uuid PRIMARY KEY, customer_key uuid NOT NULL,
            declaring_unit text NOT NULL, declared_by text NOT NULL, declared_on date NOT NULL,
            reporting_branch text, development_unit text NOT NULL, joint_units text[] NOT NULL,
            state text NOT NULL, decided_by text, decided_on date, decision_reason text,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX declarations_customer_key ON declarations (customer_key)")
    op.execute("CREATE INDEX declarations_state ON declarations (state, declaration_id)")
    op.execute("""
        CREATE TABLE declaration_chain (
            sequence bigint PRIMARY KEY, declaration_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL, payload text NOT NULL,
            previous_hash text NOT NULL, hash text NOT NULL
        )""")
    op.execute(
        "CREATE INDEX declaration_chain_declaration_id ON declaration_chain (declaration_id)"
    )
    op.execute("""
        CREATE TABLE declaration_chain_head (
            "only" boolean PRIMARY KEY CHECK ("only"), sequence bigint NOT NULL, hash text NOT NULL
        )""")
    op.execute(f"INSERT INTO declaration_chain_head VALUES (true, 0, '{'0' * 64}')")
