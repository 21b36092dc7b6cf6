"""What declarations need beyond their first version: proposals, documents, changes with proof."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0004"
down_revision = "registry_0003"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = (
    *("developer_proposals", "documents", "document_waivers"),
    *("former_names", "service_pauses"),
)
_BASE = (*_ONLY_ADDED_TO, "credit_problems", "change_applications")


def upgrade() -> None:
    _create_proposals_and_documents()
    _create_problems_and_changes()
    op.execute("ALTER TABLE customers ADD traits text[] NOT NULL DEFAULT '{}'")
    # What was signed until now is what the sources call a cooperation agreement.
    op.execute("ALTER TABLE contracts ADD kind text NOT NULL DEFAULT 'cooperation'")
    for table in _ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in _BASE:
        protect(op, table, aspect="base")


def downgrade() -> None:
    for table in _BASE:
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE customers DROP traits")
    op.execute("ALTER TABLE contracts DROP kind")


def _create_proposals_and_documents() -> None:
    op.execute("""
        CREATE TABLE developer_proposals (
            declaration_id uuid NOT NULL, sequence integer NOT NULL, customer_key uuid NOT NULL,
            development_unit text NOT NULL, joint_units text[] NOT NULL,
            proposed_by text NOT NULL, proposed_on date NOT NULL, reason text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (declaration_id, sequence)
        )""")
    op.execute("CREATE INDEX developer_proposals_customer ON developer_proposals (customer_key)")
    op.execute("""
        CREATE TABLE documents (
            document_id uuid PRIMARY KEY, customer_key uuid NOT NULL, kind text NOT NULL,
            number_secret uuid, number_ends text, issued_on date, valid_until_on date,
            inspected_on date, digest text, kept_at text NOT NULL, registered_by text NOT NULL,
            registered_on date NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX documents_customer_key ON documents (customer_key, kind)")
    op.execute("""
        CREATE TABLE document_waivers (
            declaration_id uuid NOT NULL, kind text NOT NULL, customer_key uuid NOT NULL,
            waived_by text NOT NULL, waived_on date NOT NULL, reason text NOT NULL,
            policy_version integer NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (declaration_id, kind)
        )""")
    op.execute("CREATE INDEX document_waivers_customer_key ON document_waivers (customer_key)")


def _create_problems_and_changes() -> None:
    op.execute("""
        CREATE TABLE credit_problems (
            problem_id uuid PRIMARY KEY, customer_key uuid NOT NULL, reason text NOT NULL,
            raised_by text NOT NULL, raised_at_unit text NOT NULL, raised_on date NOT NULL,
            reported_to text NOT NULL, noted_by text, noted_on date, lifted_by text,
            lifted_on date, lifted_for text, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX credit_problems_customer_key ON credit_problems (customer_key)")
    op.execute("CREATE INDEX credit_problems_reported_to ON credit_problems (reported_to)")
    op.execute(
        "CREATE UNIQUE INDEX credit_problems_one_open ON credit_problems (customer_key)"
        " WHERE lifted_on IS NULL"
    )
    op.execute("""
        CREATE TABLE change_applications (
            application_id uuid PRIMARY KEY, customer_key uuid NOT NULL, kind text NOT NULL,
            content jsonb NOT NULL, effective_on date NOT NULL, proof_kind text NOT NULL,
            proof_number text, proof_digest text NOT NULL, proof_kept_at text NOT NULL,
            reason text NOT NULL, applied_by text NOT NULL, applied_at_unit text NOT NULL,
            applied_on date NOT NULL, state text NOT NULL, decided_by text, decided_on date,
            decision_reason text, policy_version integer, performed_on date,
            blocked_for text, version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE INDEX change_applications_customer_key ON change_applications (customer_key)"
    )
    op.execute(
        "CREATE INDEX change_applications_due ON change_applications (effective_on)"
        " WHERE state = 'approved' AND performed_on IS NULL"
    )
    op.execute("""
        CREATE TABLE former_names (
            customer_key uuid NOT NULL, version integer NOT NULL, name text NOT NULL,
            name_key text NOT NULL, unified_credit_code text, until_on date NOT NULL,
            application_id uuid NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")
    op.execute("CREATE INDEX former_names_name_key ON former_names (name_key)")
    op.execute(
        "CREATE INDEX former_names_unified_credit_code ON former_names (unified_credit_code)"
    )
    op.execute("""
        CREATE TABLE service_pauses (
            application_id uuid PRIMARY KEY, customer_key uuid NOT NULL, from_on date NOT NULL,
            until_on date, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX service_pauses_customer_key ON service_pauses (customer_key)")
