"""Discounts with their steps, the tiers that limit them, and what they took off charges."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.chart import ChartedAccount, add_accounts, drop_accounts
from shared.migrations.rules import protect, protect_part, protect_unit

revision = "billing_0011"
down_revision = "billing_0010"
branch_labels = None
depends_on = None

_ACCOUNTS = (ChartedAccount("discounts", "6002", "debit", "销售折扣", "Discounts"),)
_FUNDS = "'bank', 'deposit', 'compensation', 'opening'"


def upgrade() -> None:
    add_accounts(op, _ACCOUNTS)
    _limit_funds(f"{_FUNDS}, 'discount'")
    op.execute("""
        CREATE TABLE tiers (
            customer_key uuid NOT NULL, scheme text NOT NULL, version integer NOT NULL,
            tier text, effective_on date NOT NULL, PRIMARY KEY (customer_key, scheme, version)
        )""")
    op.execute("""
        CREATE TABLE discounts (
            discount_id uuid PRIMARY KEY, customer_key uuid NOT NULL, business_line text,
            rate numeric NOT NULL CHECK (rate > 0 AND rate < 1),
            from_on date NOT NULL, until_on date NOT NULL, reason text NOT NULL,
            specialty_unit text NOT NULL, applied_by_unit text NOT NULL,
            scheme text NOT NULL, tier text NOT NULL, ceiling numeric NOT NULL,
            policy_version integer NOT NULL,
            state text NOT NULL CHECK (state IN ('pending', 'in_force', 'refused', 'withdrawn')),
            steps_taken integer NOT NULL, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX discounts_customer ON discounts (customer_key)")
    op.execute("""
        CREATE TABLE discount_steps (
            discount_id uuid NOT NULL, version integer NOT NULL, step text NOT NULL,
            state text NOT NULL, staff_code text NOT NULL, unit text NOT NULL, "on" date NOT NULL,
            reason text, tier text NOT NULL, ceiling numeric NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (discount_id, version)
        )""")
    op.execute("""
        CREATE TABLE granted_discounts (
            charge_id uuid NOT NULL, discount_id uuid NOT NULL, event_on date NOT NULL,
            customer_key uuid NOT NULL, amount numeric(18, 2) NOT NULL,
            PRIMARY KEY (charge_id, discount_id, event_on)
        )""")
    op.execute("CREATE INDEX granted_discounts_customer ON granted_discounts (customer_key)")
    for table in ("tiers", "discount_steps"):
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    protect(op, "tiers", aspect="base")
    protect(op, "discounts", aspect="money")
    # The bureau that decides sees what it decides on, and nothing else of the customer's money.
    protect_unit(op, "discounts", "specialty_unit")
    protect_part(op, "discount_steps", "discounts", "discount_id")
    protect(op, "granted_discounts", aspect="money")


def downgrade() -> None:
    op.execute("DROP TABLE granted_discounts, discount_steps, discounts, tiers")
    _limit_funds(_FUNDS)
    drop_accounts(op, _ACCOUNTS)


def _limit_funds(funds: str) -> None:
    op.execute("ALTER TABLE payments DROP CONSTRAINT payments_fund_check")
    op.execute(f"ALTER TABLE payments ADD CONSTRAINT payments_fund_check CHECK (fund IN ({funds}))")
