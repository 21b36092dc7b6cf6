"""Dunning letters, the disputes that hold them, customers who are left alone."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "billing_0005"
down_revision = "billing_0004"
branch_labels = None
depends_on = None

_TABLES = ("dunnings", "dunning_items", "dunning_holds", "dunning_exclusions")


def upgrade() -> None:
    op.execute("""
        CREATE TABLE dunnings (
            dunning_id uuid PRIMARY KEY, customer_key uuid NOT NULL, level integer NOT NULL,
            step text NOT NULL, raised_on date NOT NULL, policy_version integer NOT NULL,
            version integer NOT NULL, withdrawn_on date, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX dunnings_customer ON dunnings (customer_key, raised_on)")
    op.execute("CREATE INDEX dunnings_raised ON dunnings (raised_on, dunning_id)")
    op.execute("""
        CREATE TABLE dunning_items (
            dunning_id uuid NOT NULL, item_id uuid NOT NULL, charge_id uuid NOT NULL,
            customer_key uuid NOT NULL, level integer NOT NULL, raised_on date NOT NULL,
            balance numeric(18, 2) NOT NULL, due_on date NOT NULL, withdrawn_on date,
            withdrawn_because text CHECK (withdrawn_because IN (
                'paid-before', 'charge-cancelled', 'disputed')), PRIMARY KEY (dunning_id, item_id)
        )""")
    op.execute(
        "CREATE INDEX dunning_items_item ON dunning_items (item_id, level)"
        " WHERE withdrawn_on IS NULL"
    )
    op.execute("""
        CREATE TABLE dunning_holds (
            complaint_id uuid PRIMARY KEY, customer_key uuid, system text NOT NULL,
            ref text NOT NULL, is_open boolean NOT NULL, opened_on date NOT NULL, closed_on date,
            version integer NOT NULL
        )""")
    op.execute("CREATE INDEX dunning_holds_charge ON dunning_holds (system, ref)")
    op.execute("""
        CREATE TABLE dunning_exclusions (
            exclusion_id uuid PRIMARY KEY, customer_key uuid NOT NULL, from_on date NOT NULL,
            until_on date, reason text NOT NULL, excluded_by text NOT NULL, ended_by text,
            version integer NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX dunning_exclusions_customer ON dunning_exclusions (customer_key)")
    for table in _TABLES:
        protect(op, table, aspect="money")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
