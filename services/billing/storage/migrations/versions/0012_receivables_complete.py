"""Pins and bars, write-offs, what is asked for and decided, receipts, and the life of a case."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.chart import ChartedAccount, add_accounts, drop_accounts
from shared.migrations.rules import protect

revision = "billing_0012"
down_revision = "billing_0011"
branch_labels = None
depends_on = None

_ACCOUNTS = (ChartedAccount("bad_debts", "6702", "debit", "信用减值损失（坏账）", "Bad debts"),)
_ADDED_TO = (
    "payment_directives",
    "money_requests",
    "issued_charges",
    "receipts",
    "compliance_case_steps",
)
_STATES = "'open', 'overdue', 'settled', 'cancelled'"


def upgrade() -> None:
    add_accounts(op, _ACCOUNTS)
    _limit_states(f"{_STATES}, 'written_off'")
    op.execute("""
        ALTER TABLE items
            ADD COLUMN written_off numeric(18, 2) NOT NULL DEFAULT 0 CHECK (written_off >= 0),
            ADD COLUMN closed_on date""")
    op.execute("ALTER TABLE applications ADD COLUMN is_pinned boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE positions ADD COLUMN decisions integer NOT NULL DEFAULT 0")
    _create_decisions()
    _create_documents()
    for table in _ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in (*_ADDED_TO, "write_off_entries"):
        protect(op, table, aspect="money")


def downgrade() -> None:
    op.execute(f"DROP TABLE {', '.join(_ADDED_TO)}, write_off_entries")
    op.execute("ALTER TABLE positions DROP COLUMN decisions")
    op.execute("ALTER TABLE applications DROP COLUMN is_pinned")
    op.execute("ALTER TABLE items DROP COLUMN written_off, DROP COLUMN closed_on")
    _limit_states(_STATES)
    drop_accounts(op, _ACCOUNTS)


def _limit_states(states: str) -> None:
    op.execute("ALTER TABLE charges DROP CONSTRAINT charges_state_check")
    op.execute(
        f"ALTER TABLE charges ADD CONSTRAINT charges_state_check CHECK (state IN ({states}))"
    )


def _create_decisions() -> None:
    op.execute("""
        CREATE TABLE payment_directives (
            directive_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            payment_id uuid NOT NULL, kind text NOT NULL CHECK (kind IN ('pin', 'bar')),
            charge_id uuid, instalment integer, amount numeric(18, 2) CHECK (amount > 0),
            set_on date NOT NULL, staff_code text NOT NULL, reason text NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (directive_id, version),
            CONSTRAINT pin_names_a_charge CHECK (kind = 'bar' OR charge_id IS NOT NULL)
        )""")
    op.execute("CREATE INDEX payment_directives_customer ON payment_directives (customer_key)")
    op.execute("CREATE INDEX payment_directives_payment ON payment_directives (payment_id)")
    op.execute("""
        CREATE TABLE money_requests (
            request_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('correction', 'refund', 'write_off')),
            state text NOT NULL CHECK (state IN ('applied', 'approved', 'refused', 'reversed')),
            subject_id uuid NOT NULL, amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            details jsonb NOT NULL, reason text NOT NULL, staff_code text NOT NULL,
            decided_on date NOT NULL, policy_version integer NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (request_id, version)
        )""")
    op.execute("CREATE INDEX money_requests_customer ON money_requests (customer_key, kind)")
    op.execute("CREATE INDEX money_requests_subject ON money_requests (subject_id)")
    op.execute("""
        CREATE TABLE write_off_entries (
            item_id uuid NOT NULL, event_on date NOT NULL, customer_key uuid NOT NULL,
            amount numeric(18, 2) NOT NULL, PRIMARY KEY (item_id, event_on)
        )""")
    op.execute("CREATE INDEX write_off_entries_customer ON write_off_entries (customer_key)")


def _create_documents() -> None:
    op.execute("""
        CREATE TABLE issued_charges (
            charge_id uuid PRIMARY KEY, customer_key uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('ordinary', 'asset-damage', 'supplement')),
            month text, asset text, corrects uuid, staff_code text NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT damage_names_the_asset CHECK (kind <> 'asset-damage' OR asset IS NOT NULL)
        )""")
    op.execute("CREATE INDEX issued_charges_customer ON issued_charges (customer_key, month)")
    op.execute("""
        CREATE TABLE receipts (
            payment_id uuid PRIMARY KEY, customer_key uuid NOT NULL, voucher text NOT NULL UNIQUE,
            staff_code text NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX receipts_customer ON receipts (customer_key)")
    op.execute("""
        CREATE TABLE compliance_case_steps (
            case_id uuid NOT NULL, version integer NOT NULL, customer_key uuid,
            state text NOT NULL CHECK (state IN ('reviewed', 'closed')),
            resolution text CHECK (resolution IN (
                'returned-to-payer', 'paid-into-company-account', 'unfounded', 'prosecuted')),
            finding text NOT NULL, staff_code text NOT NULL, taken_on date NOT NULL,
            recorded_at timestamptz NOT NULL, PRIMARY KEY (case_id, version),
            CONSTRAINT closed_with_resolution CHECK ((state = 'closed') = (resolution IS NOT NULL))
        )""")
