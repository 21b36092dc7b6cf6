"""What the register of customers needs beyond its first version."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part, protect_unit

revision = "registry_0003"
down_revision = "registry_0002"
branch_labels = None
depends_on = None

_REGISTER = ("issued_under", "customer_moves", "quality_flags", "flag_resolutions")
_CENTRES = ("region_classes", "centre_decisions", "centres")
_CONDUCT = ("misuse_steps", "misuse_reporters", "misuse_cases", "interest_endings", "interests")
_RECOGNITION = ("recognitions", "government_profiles")


def upgrade() -> None:
    _create_register()
    _create_centres()
    _create_recognition()
    _create_conduct()


def downgrade() -> None:
    for table in (*_REGISTER, "division_corrections"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE customers DROP registered_capital, DROP capital_amount")
    for table in (*_CONDUCT, *_RECOGNITION, *_CENTRES):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE units DROP specialty, DROP region_class")


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


def _create_centres() -> None:
    op.execute("ALTER TABLE units ADD COLUMN specialty text, ADD COLUMN region_class integer")
    op.execute("""
        CREATE TABLE centres (
            unit text NOT NULL, version integer NOT NULL, department text NOT NULL,
            director_post text NOT NULL, director_staff_code text NOT NULL,
            effective_on date NOT NULL, reason text NOT NULL, set_up_by text NOT NULL,
            policy_name text NOT NULL, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (unit, version)
        )""")
    op.execute("""
        CREATE TABLE centre_decisions (
            decision_id uuid PRIMARY KEY, unit text NOT NULL, decided_on date NOT NULL,
            is_granted boolean NOT NULL, inputs jsonb NOT NULL, findings jsonb NOT NULL,
            policy_name text NOT NULL, policy_version integer NOT NULL, decided_by text NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX centre_decisions_unit ON centre_decisions (unit, decided_on)")
    op.execute("""
        CREATE TABLE region_classes (
            division_code text NOT NULL, version integer NOT NULL, region_class integer NOT NULL,
            effective_on date NOT NULL, author text NOT NULL, reason text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (division_code, version)
        )""")
    for table in _CENTRES:
        _only_ever_added(table)
    for table in ("centres", "centre_decisions"):
        protect_unit(op, table)


def _create_recognition() -> None:
    op.execute("""
        CREATE TABLE recognitions (
            customer_key uuid NOT NULL, sequence integer NOT NULL, decided_on date NOT NULL,
            is_recognised boolean NOT NULL, route text, kind text NOT NULL, held_by text,
            routes jsonb NOT NULL, inputs jsonb NOT NULL, figures jsonb NOT NULL,
            policy_name text NOT NULL,
            policy_version integer NOT NULL, decided_by text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, sequence)
        )""")
    op.execute("""
        CREATE TABLE government_profiles (
            customer_key uuid NOT NULL, version integer NOT NULL, body_type text NOT NULL,
            analysis jsonb NOT NULL, current_value numeric(18, 2),
            potential_value numeric(18, 2), analysed_on date NOT NULL, analysed_by text NOT NULL,
            policy_name text NOT NULL, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, version)
        )""")
    for table in _RECOGNITION:
        _only_ever_added(table)
        protect(op, table, aspect="base")


def _create_conduct() -> None:
    op.execute("""
        CREATE TABLE misuse_cases (
            case_id uuid PRIMARY KEY, subject_staff_code text NOT NULL,
            subject_unit text NOT NULL, kind text NOT NULL, occurred_on date NOT NULL,
            reported_on date NOT NULL, customer_key uuid, state text NOT NULL, grade text,
            penalties text[] NOT NULL, last_on date NOT NULL, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX misuse_cases_subject_unit ON misuse_cases (subject_unit)")
    op.execute("""
        CREATE TABLE misuse_steps (
            case_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL,
            "on" date NOT NULL, by text, note text NOT NULL, grade text,
            penalties text[] NOT NULL, policy_name text NOT NULL,
            policy_version integer NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (case_id, version)
        )""")
    op.execute("""
        CREATE TABLE misuse_reporters (
            case_id uuid PRIMARY KEY, sealed bytea NOT NULL, sealed_with text NOT NULL,
            mark bytea NOT NULL, marked_with text NOT NULL
        )""")
    op.execute("CREATE INDEX misuse_reporters_mark ON misuse_reporters (mark)")
    op.execute("""
        CREATE TABLE interests (
            interest_id uuid PRIMARY KEY, staff_code text NOT NULL, unit text NOT NULL,
            kind text NOT NULL, party_name text NOT NULL, party_name_key text NOT NULL,
            unified_credit_code text, customer_key uuid, statement text NOT NULL,
            from_on date NOT NULL, declared_on date NOT NULL, declared_by text NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX interests_staff_code ON interests (staff_code)")
    op.execute("""
        CREATE TABLE interest_endings (
            interest_id uuid PRIMARY KEY, until_on date NOT NULL, ended_by text NOT NULL,
            reason text NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    for table in ("misuse_steps", "interests", "interest_endings"):
        _only_ever_added(table)
    protect_unit(op, "misuse_cases", column="subject_unit")
    protect_part(op, "misuse_steps", "misuse_cases", "case_id")
    protect_unit(op, "interests")
    protect_part(op, "interest_endings", "interests", "interest_id")
    op.execute("REVOKE SELECT ON misuse_reporters FROM dakehu_reader")


def _only_ever_added(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
    )
