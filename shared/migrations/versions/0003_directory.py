"""What every service knows of registry, who may see what, and answers under an Idempotency-Key."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import let_reader_in

revision = "kit_0003_directory"
down_revision = "kit_0002_rules_and_time"
branch_labels = None
depends_on = None

_READABLE = (
    "units, unit_closure, staff_states, staff, customers, customer_codes, identities,"
    " in_sight, units_in_sight"
)
_READABLE_OF_OTHERS = (
    "fates, dead_letters, waiting, policies, sweep_progress, calendar_days, calendar_years"
)
_TABLES = (
    "units",
    "unit_closure",
    "staff_states",
    "customers",
    "customer_codes",
    "identities",
    "scopes",
    "grants",
    "idempotency",
)


def upgrade() -> None:
    let_reader_in(op)
    _create_people_and_places()
    _create_customers()
    _create_scope()
    _create_sight()
    op.execute("""
        CREATE TABLE kit.idempotency (
            caller text NOT NULL, route text NOT NULL, key text NOT NULL,
            digest bytea NOT NULL, status smallint NOT NULL, headers jsonb NOT NULL,
            body bytea NOT NULL, created_at timestamptz NOT NULL,
            PRIMARY KEY (caller, route, key)
        )""")
    op.execute("CREATE INDEX idempotency_created_at ON kit.idempotency (created_at)")
    for names in (_READABLE, _READABLE_OF_OTHERS):
        tables = ", ".join(f"kit.{name.strip()}" for name in names.split(","))
        op.execute(f"GRANT SELECT ON {tables} TO dakehu_reader")
    for table in ("customers", "customer_codes"):
        op.execute(f"ALTER TABLE kit.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY in_sight ON kit.{table} FOR SELECT TO dakehu_reader USING (EXISTS ("
            f"SELECT FROM kit.in_sight WHERE in_sight.customer_key = {table}.customer_key))"
        )


def downgrade() -> None:
    op.execute("DROP FUNCTION kit.may_see, kit.unit_in_scope, kit.enter")
    op.execute("DROP VIEW kit.in_sight, kit.units_in_sight, kit.staff CASCADE")
    for table in _TABLES:
        op.execute(f"DROP TABLE kit.{table}")


def _create_people_and_places() -> None:
    op.execute("""
        CREATE TABLE kit.units (
            unit text PRIMARY KEY, parent text, level text NOT NULL, kind text NOT NULL,
            name text NOT NULL, division_code text, region_class integer, closed_on date,
            version integer NOT NULL
        )""")
    op.execute("""
        CREATE TABLE kit.unit_closure (
            ancestor text NOT NULL, unit text NOT NULL, PRIMARY KEY (ancestor, unit)
        )""")
    op.execute("CREATE INDEX unit_closure_unit ON kit.unit_closure (unit)")
    op.execute("""
        CREATE TABLE kit.staff_states (
            staff_code text NOT NULL, version integer NOT NULL, effective_on date NOT NULL,
            unit text NOT NULL, roles text[] NOT NULL, state text NOT NULL,
            PRIMARY KEY (staff_code, version)
        )""")
    op.execute("""
        CREATE VIEW kit.staff AS
        SELECT DISTINCT ON (staff_code) staff_code, unit, roles, state, version
        FROM kit.staff_states
        WHERE effective_on <= coalesce(
            nullif(current_setting('dakehu.today', true), '')::date, current_date)
        ORDER BY staff_code, version DESC""")


def _create_customers() -> None:
    op.execute("""
        CREATE TABLE kit.customers (
            customer_key uuid PRIMARY KEY, customer_id text, state text NOT NULL,
            is_developed boolean NOT NULL, name text NOT NULL, short_name text,
            kind text NOT NULL, division_code text NOT NULL, industry text,
            head_office_key uuid, specialty_class text, visit_class text,
            is_one_off boolean NOT NULL, is_opening boolean NOT NULL, declared_on date NOT NULL,
            approved_on date, registered_on date, suspended_on date, closed_on date,
            version integer NOT NULL
        )""")
    op.execute("COMMENT ON COLUMN kit.customers.is_developed IS 'approved at some time (R-20)'")
    op.execute("CREATE INDEX customers_customer_id ON kit.customers (customer_id)")
    op.execute("""
        CREATE TABLE kit.customer_codes (
            system text NOT NULL, code text NOT NULL, customer_key uuid NOT NULL,
            PRIMARY KEY (system, code, customer_key)
        )""")
    op.execute("CREATE INDEX customer_codes_customer_key ON kit.customer_codes (customer_key)")
    op.execute("""
        CREATE TABLE kit.identities (
            customer_key uuid PRIMARY KEY, survivor uuid, root uuid NOT NULL,
            version integer NOT NULL
        )""")
    op.execute("CREATE INDEX identities_root ON kit.identities (root)")


def _create_scope() -> None:
    op.execute("""
        CREATE TABLE kit.scopes (customer_key uuid PRIMARY KEY, version integer NOT NULL)""")
    op.execute("""
        CREATE TABLE kit.grants (
            customer_key uuid NOT NULL, aspect text NOT NULL, unit text NOT NULL,
            from_on date NOT NULL, until_on date
        )""")
    op.execute("CREATE INDEX grants_customer_key ON kit.grants (customer_key, aspect)")
    op.execute("CREATE INDEX grants_unit ON kit.grants (unit, aspect)")


def _create_sight() -> None:
    """The one definition of who sees what: two views, and functions that ask them.

    A merged customer is also seen by whoever sees its survivor. An archive is seen by the very
    unit of the grant and by nobody above it (R-70). The settings are read once per statement.
    """
    op.execute("""
        CREATE VIEW kit.in_sight AS
        SELECT held.customer_key, held.aspect
        FROM (
            SELECT customer_key, aspect, unit, from_on, until_on FROM kit.grants
            UNION ALL
            SELECT merged.customer_key, kept.aspect, kept.unit, kept.from_on, kept.until_on
            FROM kit.identities merged JOIN kit.grants kept ON kept.customer_key = merged.root
            WHERE merged.root <> merged.customer_key
        ) held
        JOIN kit.unit_closure below ON below.unit = held.unit
        WHERE below.ancestor = (SELECT current_setting('dakehu.unit', true))
            AND held.from_on <= (
                SELECT nullif(current_setting('dakehu.today', true), '')::date)
            AND (held.until_on IS NULL OR held.until_on >= (
                SELECT nullif(current_setting('dakehu.today', true), '')::date))
            AND (held.aspect <> 'archive' OR held.unit = below.ancestor)""")
    op.execute("""
        CREATE VIEW kit.units_in_sight AS
        SELECT unit FROM kit.unit_closure
        WHERE ancestor = (SELECT current_setting('dakehu.unit', true))""")
    op.execute("""
        CREATE FUNCTION kit.may_see(customer uuid, wanted text) RETURNS boolean
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT EXISTS (SELECT FROM kit.in_sight
                           WHERE customer_key = customer AND aspect = wanted)
        $$""")
    op.execute("""
        CREATE FUNCTION kit.unit_in_scope(wanted text) RETURNS boolean
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT EXISTS (SELECT FROM kit.units_in_sight WHERE unit = wanted)
        $$""")
    op.execute("""
        CREATE FUNCTION kit.enter(
            caller text, caller_unit text, today date,
            OUT state text, OUT unit text, OUT roles text[]
        ) LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM set_config('dakehu.staff', caller, true),
                set_config('dakehu.unit', caller_unit, true),
                set_config('dakehu.today', today::text, true);
            SELECT known.state, known.unit, known.roles INTO state, unit, roles
            FROM kit.staff_states known
            WHERE known.staff_code = caller AND known.effective_on <= today
            ORDER BY known.version DESC LIMIT 1;
        END $$""")
    op.execute(
        "COMMENT ON FUNCTION kit.enter IS"
        " 'says for the rest of the transaction who asks; returns what registry says of him'"
    )
