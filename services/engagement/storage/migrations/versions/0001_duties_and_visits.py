"""Duties, visits, their verification and their expenses."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part

revision = "engagement_0001"
down_revision = None
branch_labels = ("engagement",)
depends_on = None

_ONLY_EVER_ADDED = (
    "classes",
    "tiers",
    "owners",
    "managers",
    "obligation_decisions",
    "verification_calls",
    "expense_signatures",
)
_OF_A_CUSTOMER = (
    "accounts",
    "classes",
    "tiers",
    "owners",
    "managers",
    "obligations",
    "obligation_decisions",
    "visits",
    "verifications",
    "expenses",
)
_OF_A_PARENT = (
    ("visit_visitors", "visits", "visit_id"),
    ("verification_calls", "verifications", "verification_id"),
    ("expense_signatures", "expenses", "expense_id"),
)


def upgrade() -> None:
    _create_facts_about_customers()
    _create_obligations()
    _create_visits()
    _create_verifications()
    _create_expenses()
    for table in _ONLY_EVER_ADDED:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    # No reader needs the horizon.
    op.execute("ALTER TABLE horizon ENABLE ROW LEVEL SECURITY")
    for table in _OF_A_CUSTOMER:
        protect(op, table, aspect="base")
    for table, parent, key in _OF_A_PARENT:
        protect_part(op, table, parent, key)


def downgrade() -> None:
    for table in (
        *("expense_signatures", "expenses", "verification_calls", "verifications"),
        *("visit_visitors", "visits", "obligation_decisions", "obligations"),
        *("managers", "owners", "tiers", "classes", "accounts", "horizon"),
    ):
        op.execute(f"DROP TABLE {table}")


def _create_facts_about_customers() -> None:
    op.execute("""
        CREATE TABLE horizon (
            is_it boolean PRIMARY KEY CHECK (is_it),
            begun_on date NOT NULL, reached_on date NOT NULL CHECK (reached_on >= begun_on)
        )""")
    op.execute("""
        CREATE TABLE accounts (
            customer_key uuid PRIMARY KEY, root uuid NOT NULL, wake_on date,
            planned_with integer NOT NULL, tier text, specialty_class text, visit_class text,
            gap text CHECK (gap IN ('no-tier', 'no-row'))
        )""")
    op.execute("CREATE INDEX accounts_wake_on ON accounts (wake_on)")
    op.execute("""
        CREATE TABLE classes (
            customer_key uuid NOT NULL, version integer NOT NULL, from_on date NOT NULL,
            specialty_class text, visit_class text,
            PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE tiers (
            customer_key uuid NOT NULL, scheme text NOT NULL, version integer NOT NULL,
            tier text, effective_on date NOT NULL, decided_on date NOT NULL,
            PRIMARY KEY (customer_key, scheme, version)
        )""")
    op.execute("""
        CREATE TABLE owners (
            customer_key uuid NOT NULL, version integer NOT NULL, unit text NOT NULL,
            effective_on date NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE managers (
            customer_key uuid NOT NULL, version integer NOT NULL, a text, b text,
            phase text NOT NULL CHECK (phase IN ('development', 'maintenance')),
            effective_on date NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")


def _create_obligations() -> None:
    op.execute("""
        CREATE TABLE obligations (
            obligation_id uuid PRIMARY KEY, customer_key uuid NOT NULL, code text NOT NULL,
            first_on date NOT NULL, due_on date NOT NULL, role text NOT NULL,
            channel text NOT NULL, target_levels text[] NOT NULL,
            period_unit text NOT NULL
                CHECK (period_unit IN ('week', 'month', 'quarter', 'year', 'days')),
            period_days integer, minimum integer NOT NULL, maximum integer,
            scheme text NOT NULL, tier text, specialty_class text, visit_class text,
            plan_version integer NOT NULL, unit text, manager_a text, manager_b text,
            holder text, visit_ids uuid[] NOT NULL, met_on date,
            state text NOT NULL CHECK (state IN ('due', 'met', 'missed', 'withdrawn')),
            version integer NOT NULL, as_of date NOT NULL, changed_at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE UNIQUE INDEX obligations_of_customer
        ON obligations (customer_key, code, first_on)""")
    op.execute("CREATE INDEX obligations_due_on ON obligations (due_on, obligation_id)")
    op.execute("CREATE INDEX obligations_open ON obligations (due_on) WHERE state = 'due'")
    op.execute("""
        CREATE TABLE obligation_decisions (
            obligation_id uuid NOT NULL, number integer NOT NULL, customer_key uuid NOT NULL,
            code text NOT NULL, first_on date NOT NULL,
            kind text NOT NULL CHECK (kind IN ('missed', 'revised')), reason text,
            as_of date NOT NULL, plan_version integer NOT NULL, inputs jsonb NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (obligation_id, number)
        )""")
    op.execute("""
        CREATE UNIQUE INDEX obligation_decisions_missed
        ON obligation_decisions (customer_key, code, first_on) WHERE kind = 'missed'""")


def _create_visits() -> None:
    op.execute("""
        CREATE TABLE visits (
            visit_id uuid PRIMARY KEY, customer_key uuid NOT NULL, source_system text,
            source_ref text, kind text NOT NULL, channel text NOT NULL,
            target_level text NOT NULL, target_name bytea, started_at timestamptz NOT NULL,
            ended_at timestamptz, visited_on date NOT NULL, content bytea NOT NULL,
            expense numeric(18,2), recorded_by text, recorded_at timestamptz NOT NULL,
            verdict text CHECK (verdict IN ('confirmed', 'differs', 'no_answer')),
            unit text, roles text[] NOT NULL, is_too_early boolean NOT NULL,
            version integer NOT NULL
        )""")
    op.execute("CREATE INDEX visits_customer_key ON visits (customer_key, visited_on)")
    op.execute("CREATE INDEX visits_visited_on ON visits (visited_on, visit_id)")
    op.execute("""
        CREATE TABLE visit_visitors (
            visit_id uuid NOT NULL, position integer NOT NULL, staff_code text NOT NULL,
            PRIMARY KEY (visit_id, position)
        )""")
    op.execute("CREATE INDEX visit_visitors_staff_code ON visit_visitors (staff_code)")


def _create_verifications() -> None:
    op.execute("""
        CREATE TABLE verifications (
            verification_id uuid PRIMARY KEY, visit_id uuid NOT NULL UNIQUE,
            customer_key uuid NOT NULL, reported_on date NOT NULL, due_on date NOT NULL,
            is_provisional boolean NOT NULL, attempts integer NOT NULL,
            verdict text CHECK (verdict IN ('confirmed', 'differs', 'no_answer')),
            verified_by text, verified_at timestamptz, version integer NOT NULL
        )""")
    op.execute("""
        CREATE INDEX verifications_open ON verifications (due_on, verification_id)
        WHERE verdict IS NULL""")
    op.execute("""
        CREATE TABLE verification_calls (
            verification_id uuid NOT NULL, number integer NOT NULL,
            found text NOT NULL CHECK (found IN ('confirmed', 'differs', 'no_answer')),
            note bytea, called_by text NOT NULL, called_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (verification_id, number)
        )""")


def _create_expenses() -> None:
    op.execute("""
        CREATE TABLE expenses (
            expense_id uuid PRIMARY KEY, visit_id uuid NOT NULL UNIQUE,
            customer_key uuid NOT NULL, claimant text NOT NULL, amount numeric(18,2) NOT NULL,
            is_verified_by_phone boolean NOT NULL,
            verdict text CHECK (verdict IN ('confirmed', 'differs', 'no_answer')),
            refused_by text,
            state text NOT NULL CHECK (state IN ('pending', 'released', 'withheld')),
            reasons text[] NOT NULL, decided_on date, policy_version integer,
            version integer NOT NULL
        )""")
    op.execute("CREATE INDEX expenses_state ON expenses (state, expense_id)")
    op.execute("""
        CREATE TABLE expense_signatures (
            expense_id uuid NOT NULL, number integer NOT NULL,
            step text NOT NULL CHECK (step IN ('director-signed', 'entered', 'qualified')),
            staff_code text NOT NULL, is_refusal boolean NOT NULL, signed_on date NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (expense_id, number)
        )""")
