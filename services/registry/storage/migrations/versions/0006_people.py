"""Hand-overs with their lines, marks and answers; rotations; who was in touch with whom."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_part, protect_unit

revision = "registry_0006"
down_revision = "registry_0005"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = ("handover_lines", "handover_marks", "handover_answers", "rotation_steps")


def upgrade() -> None:
    _widen_managers()
    _create_contacts()
    _create_handovers()
    _create_rotations()
    for table in _ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in ("contacts", "handover_lines", "rotations", "rotation_steps"):
        protect(op, table, aspect="base")
    protect(op, "handover_marks", aspect="base")
    protect_unit(op, "handovers")
    protect_part(op, "handovers", "handover_lines", "handover_id")
    protect_part(op, "handover_answers", "handovers", "handover_id")
    # A mark about the whole hand-over names no customer.
    op.execute(
        "CREATE POLICY sees_handovers ON handover_marks FOR SELECT TO dakehu_reader"
        " USING (customer_key IS NULL AND EXISTS (SELECT FROM handovers"
        " WHERE handovers.handover_id = handover_marks.handover_id))"
    )


def downgrade() -> None:
    for table in (
        *("rotation_steps", "rotations", "handover_answers", "handover_marks"),
        *("handovers", "handover_lines", "contacts"),
    ):
        op.execute(f"DROP TABLE {table} CASCADE")
    op.execute("ALTER TABLE managers DROP COLUMN lead_since_on")
    op.execute("ALTER TABLE manager_assignments DROP COLUMN rule")


def _widen_managers() -> None:
    op.execute("ALTER TABLE managers ADD COLUMN lead_since_on date")
    op.execute("UPDATE managers SET lead_since_on = effective_on WHERE lead_staff_code IS NOT NULL")
    op.execute("CREATE INDEX managers_lead_since_on ON managers (lead_since_on)")
    op.execute("ALTER TABLE manager_assignments ADD COLUMN rule text NOT NULL DEFAULT 'assignment'")


def _create_contacts() -> None:
    op.execute("""
        CREATE TABLE contacts (
            contact_id uuid PRIMARY KEY, customer_key uuid NOT NULL,
            source text NOT NULL CHECK (source IN ('logged', 'visit')),
            version integer NOT NULL, channel text NOT NULL,
            direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
            company_channel boolean, staff_codes text[] NOT NULL, occurred_at timestamptz NOT NULL,
            occurred_on date NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX contacts_customer_key ON contacts (customer_key, occurred_at)")
    op.execute("CREATE INDEX contacts_occurred_on ON contacts (occurred_on)")
    op.execute("CREATE INDEX contacts_staff_codes ON contacts USING gin (staff_codes)")


def _create_handovers() -> None:
    op.execute("""
        CREATE TABLE handovers (
            handover_id uuid PRIMARY KEY, from_staff_code text NOT NULL, unit text NOT NULL,
            reason text NOT NULL CHECK (reason IN (
                'departure', 'rotation', 'after-sales', 'reassignment')),
            state text NOT NULL CHECK (state IN ('started', 'completed')),
            started_by text, words text,
            started_on date NOT NULL, effective_on date NOT NULL, due_on date NOT NULL,
            policy_version integer NOT NULL, version integer NOT NULL, overdue_on date,
            completed_on date, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX handovers_from_staff_code ON handovers (from_staff_code)")
    op.execute("CREATE INDEX handovers_open ON handovers (due_on) WHERE state = 'started'")
    op.execute("""
        CREATE TABLE handover_lines (
            handover_id uuid NOT NULL, customer_key uuid NOT NULL, version integer NOT NULL,
            place text NOT NULL CHECK (place IN ('a', 'b')),
            a_before text, b_before text, a_after text, b_after text,
            successor text, named_by text, managers_version integer, digest_before jsonb NOT NULL,
            digest_after jsonb NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (handover_id, customer_key, version)
        )""")
    op.execute("CREATE INDEX handover_lines_customer_key ON handover_lines (customer_key)")
    op.execute("""
        CREATE TABLE handover_marks (
            handover_id uuid NOT NULL, number integer NOT NULL,
            kind text NOT NULL CHECK (kind IN ('customer-notified', 'documents-returned')),
            customer_key uuid, "on" date NOT NULL, marked_by text NOT NULL, words text,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (handover_id, number)
        )""")
    op.execute("""
        CREATE TABLE handover_answers (
            handover_id uuid NOT NULL, version integer NOT NULL,
            service text NOT NULL CHECK (service IN ('billing', 'engagement')),
            applied_on date NOT NULL, moved jsonb NOT NULL, exceptions jsonb NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (handover_id, version, service)
        )""")


def _create_rotations() -> None:
    op.execute("""
        CREATE TABLE rotations (
            rotation_id uuid PRIMARY KEY, customer_key uuid NOT NULL, staff_code text NOT NULL,
            lead_since_on date NOT NULL, proposed_on date NOT NULL,
            state text NOT NULL CHECK (state IN (
                'proposed', 'postponed', 'accepted', 'withdrawn')),
            policy_version integer NOT NULL, postponed_until date, decided_on date,
            successor text, bridge text, bridge_until date, handover_id uuid,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX rotations_customer_key ON rotations (customer_key)")
    op.execute(
        "CREATE UNIQUE INDEX rotations_one_open_per_customer ON rotations (customer_key)"
        " WHERE state IN ('proposed', 'postponed')"
    )
    op.execute("""
        CREATE TABLE rotation_steps (
            rotation_id uuid NOT NULL, number integer NOT NULL, customer_key uuid NOT NULL,
            step text NOT NULL, "on" date NOT NULL, by text, reason text,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (rotation_id, number)
        )""")
