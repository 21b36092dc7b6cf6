"""Types, agreed bases, delegations, routing, requests of other units; appeals and settlements."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect, protect_unit

revision = "registry_0005"
down_revision = "registry_0004"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = (
    *("customer_types", "base_agreements", "sharing_terms", "routings"),
    *("settlements", "settlement_answers"),
)


def upgrade() -> None:
    _extend_disputes()
    _extend_splits()
    _create_jurisdiction()
    _create_requests()
    _create_settlements()
    for table in _ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in ("customer_types", "base_agreements", "routings", "marketing_requests"):
        protect(op, table, aspect="base")
    for table in ("settlements", "settlement_answers"):
        protect(op, table, aspect="dispute")
    protect_unit(op, "delegations", "to_unit")
    protect_unit(op, "notices")
    protect_unit(op, "marketing_requests", "asking_unit")


def downgrade() -> None:
    for table in (
        *("settlement_answers", "settlements", "marketing_requests", "notices", "routings"),
        *("delegations", "sharing_terms", "base_agreements", "customer_types"),
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP INDEX disputes_due")
    op.execute(
        "ALTER TABLE disputes DROP COLUMN appeal_of, DROP COLUMN overdue_on,"
        " DROP COLUMN withdrawn, DROP COLUMN closed_on, DROP COLUMN opened_for"
    )
    op.execute(
        "ALTER TABLE rulings DROP COLUMN kind, DROP COLUMN supersedes, DROP COLUMN delegation_id"
    )
    op.execute(
        "ALTER TABLE splits DROP COLUMN overruled, DROP COLUMN inputs,"
        " DROP COLUMN policy_name, DROP COLUMN policy_version"
    )


def _extend_disputes() -> None:
    op.execute(
        "ALTER TABLE disputes ADD COLUMN appeal_of uuid UNIQUE, ADD COLUMN overdue_on date,"
        " ADD COLUMN opened_for text,"
        " ADD COLUMN withdrawn text[] NOT NULL DEFAULT '{}', ADD COLUMN closed_on date"
    )
    op.execute(
        "CREATE INDEX disputes_due ON disputes (due_on) WHERE state = 'open' AND overdue_on IS NULL"
    )
    op.execute(
        "ALTER TABLE rulings ADD COLUMN kind text NOT NULL DEFAULT 'ruling',"
        " ADD COLUMN supersedes uuid, ADD COLUMN delegation_id uuid"
    )


def _extend_splits() -> None:
    op.execute(
        "ALTER TABLE splits ADD COLUMN overruled text[] NOT NULL DEFAULT '{}',"
        " ADD COLUMN inputs jsonb NOT NULL DEFAULT '{}', ADD COLUMN policy_name text,"
        " ADD COLUMN policy_version integer"
    )


def _create_jurisdiction() -> None:
    op.execute("""
        CREATE TABLE customer_types (
            customer_key uuid NOT NULL, sequence integer NOT NULL, type text NOT NULL,
            effective_on date NOT NULL, terms jsonb NOT NULL, decided_by text NOT NULL,
            decided_unit text NOT NULL, decided_on date NOT NULL, reason text NOT NULL,
            policy_name text NOT NULL, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, sequence)
        )""")
    op.execute("""
        CREATE TABLE base_agreements (
            customer_key uuid NOT NULL, sequence integer NOT NULL, basis text NOT NULL,
            effective_on date NOT NULL, base_amount numeric(18, 2), base jsonb NOT NULL,
            increment jsonb NOT NULL, decided_by text NOT NULL, decided_unit text NOT NULL,
            decided_on date NOT NULL, reason text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, sequence)
        )""")
    op.execute("""
        CREATE TABLE sharing_terms (
            kind text NOT NULL, unit text NOT NULL, sequence integer NOT NULL,
            effective_on date NOT NULL, body jsonb NOT NULL, decided_by text NOT NULL,
            decided_on date NOT NULL, reason text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (kind, unit, sequence)
        )""")
    op.execute("""
        CREATE TABLE routings (
            customer_key uuid NOT NULL, sequence integer NOT NULL, outcome text NOT NULL,
            unit text NOT NULL, informed_unit text, effective_on date NOT NULL,
            decided_by text NOT NULL, decided_unit text NOT NULL, decided_on date NOT NULL,
            reason text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, sequence)
        )""")
    op.execute("""
        CREATE TABLE delegations (
            delegation_id uuid PRIMARY KEY, from_unit text NOT NULL, to_unit text NOT NULL,
            powers text[] NOT NULL, from_on date NOT NULL, until_on date NOT NULL,
            granted_by text NOT NULL, granted_on date NOT NULL, reason text NOT NULL,
            revoked_by text, revoked_on date, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX delegations_to_unit ON delegations (to_unit, until_on)")
    op.execute("CREATE INDEX delegations_from_unit ON delegations (from_unit, until_on)")


def _create_requests() -> None:
    op.execute("""
        CREATE TABLE notices (
            notice_id uuid PRIMARY KEY, unit text NOT NULL, customer_key uuid NOT NULL,
            kind text NOT NULL, subject_id uuid, noticed_on date NOT NULL, read_by text,
            read_on date, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX notices_unit ON notices (unit, noticed_on)")
    op.execute("CREATE INDEX notices_customer_key ON notices (customer_key)")
    op.execute("""
        CREATE TABLE marketing_requests (
            request_id uuid PRIMARY KEY, customer_key uuid NOT NULL, asking_unit text NOT NULL,
            asked_by text NOT NULL, asked_on date NOT NULL, purpose text NOT NULL,
            business_line text, state text NOT NULL, answered_by text, answered_on date,
            answer text, until_on date, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX marketing_requests_customer_key ON marketing_requests (customer_key)")


def _create_settlements() -> None:
    op.execute("""
        CREATE TABLE settlements (
            settlement_id uuid PRIMARY KEY, dispute_id uuid NOT NULL, customer_key uuid NOT NULL,
            sequence integer NOT NULL, proposed_for text NOT NULL, proposed_by text NOT NULL,
            proposed_on date NOT NULL, owner_unit text NOT NULL, base jsonb NOT NULL,
            increment jsonb NOT NULL, base_amount numeric(18, 2), effective_on date NOT NULL,
            statement text NOT NULL, recorded_at timestamptz NOT NULL,
            UNIQUE (dispute_id, sequence)
        )""")
    op.execute("""
        CREATE TABLE settlement_answers (
            settlement_id uuid NOT NULL, party text NOT NULL, customer_key uuid NOT NULL,
            accepted_by text NOT NULL, accepted_on date NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (settlement_id, party)
        )""")
