"""Ownership, splits, managers, contracts, disputes and what is kept as evidence for them."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "registry_0002"
down_revision = "registry_0001"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = (
    *("ownerships", "splits", "manager_assignments", "manager_swaps", "signatures"),
    *("contracts", "tiers", "rulings"),
)
_BASE = (
    *("ownerships", "splits", "managers", "manager_assignments", "manager_swaps"),
    *("signatures", "contracts", "tiers", "visit_places"),
)


def upgrade() -> None:
    _create_ownership()
    _create_managers()
    _create_disputes()
    _create_evidence()
    for table in _ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in _BASE:
        protect(op, table, aspect="base")
    for table in ("disputes", "dispute_evidence", "rulings"):
        protect(op, table, aspect="dispute")
    protect(op, "revenue_places", aspect="money")
    protect(op, "scopes", aspect="base")


def downgrade() -> None:
    for table in (
        *("visit_places", "revenue_places", "rulings", "dispute_evidence", "disputes"),
        *("tiers", "contracts", "signatures", "manager_swaps", "manager_assignments"),
        *("managers", "scopes", "splits", "ownerships"),
    ):
        op.execute(f"DROP TABLE {table}")


def _create_ownership() -> None:
    op.execute("""
        CREATE TABLE ownerships (
            customer_key uuid NOT NULL, version integer NOT NULL, owner_unit text NOT NULL,
            rule text NOT NULL, effective_on date NOT NULL, ruling_id uuid, supersedes integer,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE splits (
            customer_key uuid NOT NULL, version integer NOT NULL, base jsonb NOT NULL,
            increment jsonb NOT NULL, base_amount numeric(18, 2), rule text NOT NULL,
            effective_on date NOT NULL, ruling_id uuid, supersedes integer,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, version)
        )""")
    op.execute("""
        CREATE TABLE scopes (
            customer_key uuid PRIMARY KEY, version integer NOT NULL, grants jsonb NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")


def _create_managers() -> None:
    op.execute("""
        CREATE TABLE managers (
            customer_key uuid PRIMARY KEY, a_staff_code text, b_staff_code text,
            phase text NOT NULL, phase_contract_id uuid, lead_staff_code text,
            rule text NOT NULL, effective_on date NOT NULL, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX managers_a_staff_code ON managers (a_staff_code)")
    op.execute("CREATE INDEX managers_b_staff_code ON managers (b_staff_code)")
    op.execute("CREATE INDEX managers_lead_staff_code ON managers (lead_staff_code)")
    op.execute("""
        CREATE TABLE manager_assignments (
            customer_key uuid NOT NULL, sequence integer NOT NULL, a_staff_code text NOT NULL,
            b_staff_code text, "on" date NOT NULL, assigned_by text,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, sequence)
        )""")
    op.execute("""
        CREATE TABLE manager_swaps (
            customer_key uuid NOT NULL, sequence integer NOT NULL, phase text NOT NULL,
            "on" date NOT NULL, swapped_by text NOT NULL, reason text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (customer_key, sequence)
        )""")
    op.execute("""
        CREATE TABLE signatures (
            customer_key uuid NOT NULL, contract_id uuid NOT NULL, signed_on date NOT NULL,
            signed_at_unit text, publisher text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, contract_id)
        )""")
    op.execute("""
        CREATE TABLE contracts (
            contract_id uuid PRIMARY KEY, customer_key uuid NOT NULL, contract_number text,
            signed_at_unit text NOT NULL, signed_on date NOT NULL, valid_until_on date,
            business_lines text[] NOT NULL, business_at_units text[] NOT NULL, signed_by text,
            source_system text, source_ref text, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX contracts_customer_key ON contracts (customer_key)")
    op.execute("""
        CREATE TABLE tiers (
            customer_key uuid NOT NULL, scheme text NOT NULL, version integer NOT NULL,
            tier text, effective_on date NOT NULL, PRIMARY KEY (customer_key, scheme, version)
        )""")


def _create_disputes() -> None:
    op.execute("""
        CREATE TABLE disputes (
            dispute_id uuid PRIMARY KEY, customer_key uuid NOT NULL, parties text[] NOT NULL,
            ruling_unit text NOT NULL, cause text NOT NULL, opened_on date NOT NULL,
            opened_by text, due_on date NOT NULL, state text NOT NULL, ruled_on date,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX disputes_customer_key ON disputes (customer_key)")
    op.execute(
        "CREATE UNIQUE INDEX disputes_one_open_per_customer"
        " ON disputes (customer_key) WHERE state = 'open'"
    )
    op.execute("""
        CREATE TABLE dispute_evidence (
            dispute_id uuid NOT NULL, kind text NOT NULL, source_id text NOT NULL,
            customer_key uuid NOT NULL, unit text NOT NULL, occurred_on date NOT NULL,
            count integer NOT NULL, amount numeric(18, 2), statement text, submitted_by text,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (dispute_id, kind, source_id)
        )""")
    op.execute("""
        CREATE TABLE rulings (
            ruling_id uuid PRIMARY KEY, dispute_id uuid NOT NULL UNIQUE,
            customer_key uuid NOT NULL, owner_unit text NOT NULL, base jsonb NOT NULL,
            increment jsonb NOT NULL, base_amount numeric(18, 2), effective_on date NOT NULL,
            ruled_on date NOT NULL, ruled_by text NOT NULL, reason text NOT NULL,
            weights jsonb NOT NULL, policy_name text NOT NULL, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX rulings_customer_key ON rulings (customer_key)")


def _create_evidence() -> None:
    op.execute("""
        CREATE TABLE revenue_places (
            posting_id uuid PRIMARY KEY, version integer NOT NULL, customer_key uuid NOT NULL,
            occurred_on date NOT NULL, signed_at_unit text, occurred_at_unit text,
            amount numeric(18, 2) NOT NULL
        )""")
    op.execute("CREATE INDEX revenue_places_customer_key ON revenue_places (customer_key)")
    op.execute("""
        CREATE TABLE visit_places (
            visit_id uuid PRIMARY KEY, version integer NOT NULL, customer_key uuid NOT NULL,
            unit text NOT NULL, visited_on date NOT NULL
        )""")
    op.execute("CREATE INDEX visit_places_customer_key ON visit_places (customer_key)")
