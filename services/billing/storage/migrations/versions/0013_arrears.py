"""Waivers of late fees, beside what the plan asks for; what is owed as of a day, by age."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.ageing import AGED_ITEMS, AGED_TOTALS, FUNCTIONS
from shared.migrations.rules import protect, protect_part

revision = "billing_0013"
down_revision = "billing_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE items ADD COLUMN waived numeric(18, 2) NOT NULL DEFAULT 0"
        " CHECK (waived >= 0), ADD COLUMN waived_on date"
    )
    op.execute("UPDATE items SET billed = amount WHERE fee_of IS NOT NULL AND billed <> amount")
    op.execute(
        "ALTER TABLE late_fee_decisions ADD COLUMN waived numeric(18, 2) NOT NULL DEFAULT 0,"
        " ADD COLUMN because text NOT NULL DEFAULT 'recomputed'"
    )
    op.execute("""
        CREATE TABLE late_fee_waivers (
            waiver_id uuid PRIMARY KEY, late_fee_id uuid NOT NULL, customer_key uuid NOT NULL,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0), reason text NOT NULL,
            state text NOT NULL CHECK (state IN (
                'proposed', 'approved', 'refused', 'withdrawn')),
            proposed_by text NOT NULL, proposed_on date NOT NULL, decided_by text,
            decided_on date, policy_version integer, version integer NOT NULL
        )""")
    op.execute("CREATE INDEX late_fee_waivers_fee ON late_fee_waivers (late_fee_id)")
    op.execute("CREATE INDEX late_fee_waivers_customer ON late_fee_waivers (customer_key)")
    op.execute("""
        CREATE TABLE late_fee_waiver_changes (
            waiver_id uuid NOT NULL, version integer NOT NULL, state text NOT NULL,
            "on" date NOT NULL, staff_code text NOT NULL, note text, policy_version integer,
            fee numeric(18, 2) NOT NULL, granted numeric(18, 2) NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (waiver_id, version)
        )""")
    op.execute(
        "CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON late_fee_waiver_changes"
        " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
    )
    protect(op, "late_fee_waivers", aspect="money")
    protect_part(op, "late_fee_waiver_changes", "late_fee_waivers", "waiver_id")
    _withdraw_because("'paid-before', 'charge-cancelled', 'disputed', 'written-off'")
    op.execute(
        "CREATE INDEX dunning_items_customer ON dunning_items (customer_key)"
        " WHERE withdrawn_on IS NULL"
    )
    op.execute("CREATE INDEX journal_event_on ON journal USING brin (event_on)")
    for function in (AGED_ITEMS, AGED_TOTALS):
        op.execute(function)


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {', '.join(FUNCTIONS)}")
    op.execute("DROP INDEX journal_event_on, dunning_items_customer")
    _withdraw_because("'paid-before', 'charge-cancelled', 'disputed'")
    op.execute("DROP TABLE late_fee_waiver_changes, late_fee_waivers")
    op.execute("ALTER TABLE late_fee_decisions DROP COLUMN waived, DROP COLUMN because")
    op.execute("ALTER TABLE items DROP COLUMN waived, DROP COLUMN waived_on")


def _withdraw_because(reasons: str) -> None:
    op.execute("ALTER TABLE dunning_items DROP CONSTRAINT dunning_items_withdrawn_because_check")
    op.execute(
        "ALTER TABLE dunning_items ADD CONSTRAINT dunning_items_withdrawn_because_check"
        f" CHECK (withdrawn_because IN ({reasons}))"
    )
