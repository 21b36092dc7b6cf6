"""The general ledger: a chart of accounts, a journal only ever added to, and its two sides."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect_unit

revision = "billing_0001"
down_revision = None
branch_labels = ("billing",)
depends_on = "kit_0003_directory"

_CHART = (
    ("bank", "1002", "debit", "银行存款", "Bank"),
    ("receivable", "1122", "debit", "应收账款", "Receivables"),
    ("billed_clearing", "1123", "credit", "已开账待确认收入", "Billed, not yet reported"),
    ("unapplied_cash", "2203", "credit", "预收账款（未核销）", "Unapplied cash"),
    ("deposits_held", "2241", "credit", "代管定金", "Deposits held"),
    ("output_vat", "2221", "credit", "应交增值税（销项税额）", "Output VAT"),
    ("revenue", "6001", "credit", "主营业务收入", "Revenue"),
    ("late_fee_income", "6051", "credit", "违约金收入", "Late-fee income"),
    ("deposits_forfeited", "6301", "credit", "没收定金收入", "Deposits forfeited"),
    ("deposit_penalties", "6711", "debit", "双倍返还定金支出", "Deposit penalties"),
    ("compensations", "6712", "debit", "赔偿支出", "Compensations"),
)


def upgrade() -> None:
    names = ", ".join(f"'{account}'" for account, *_ in _CHART)
    op.execute(f"CREATE TYPE account AS ENUM ({names})")
    op.execute("""
        CREATE TABLE accounts (
            account account PRIMARY KEY, number text NOT NULL UNIQUE,
            side text NOT NULL CHECK (side IN ('debit', 'credit')),
            title_zh text NOT NULL, title_en text NOT NULL
        )""")
    for account, *rest in _CHART:
        values = ", ".join(f"'{value}'" for value in (account, *rest))
        op.execute(f"INSERT INTO accounts VALUES ({values})")
    _create_journal()
    _create_sides()


def downgrade() -> None:
    op.execute("DROP VIEW entries")
    op.execute("DROP TABLE journal, accounts")
    op.execute("DROP TYPE account")


def _create_journal() -> None:
    # Columns from wide to narrow, so that rows hold no padding.
    op.execute("""
        CREATE TABLE journal (
            created_at timestamptz NOT NULL, event_at timestamptz NOT NULL,
            event_on date NOT NULL, line_no smallint NOT NULL, is_increment boolean NOT NULL,
            debit account NOT NULL, credit account NOT NULL,
            journal_id uuid NOT NULL, source_id uuid NOT NULL, customer_key uuid NOT NULL,
            item_id uuid, reverses uuid,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            kind text NOT NULL, unit text, business_line text,
            PRIMARY KEY (journal_id, line_no),
            CONSTRAINT two_accounts CHECK (debit <> credit),
            CONSTRAINT revenue_has_unit_and_line CHECK (
                (debit <> 'revenue' AND credit <> 'revenue')
                OR (unit IS NOT NULL AND business_line IS NOT NULL)),
            CONSTRAINT receivable_has_item CHECK (
                (debit <> 'receivable' AND credit <> 'receivable') OR item_id IS NOT NULL)
        )""")
    op.execute("CREATE INDEX journal_customer ON journal (customer_key, event_on)")
    op.execute("CREATE INDEX journal_item ON journal (item_id) WHERE item_id IS NOT NULL")
    for event in ("UPDATE OR DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER only_ever_added_{event.split()[0].lower()} BEFORE {event} ON journal"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    # Revenue is seen by the unit that got it, what a customer owes by who may see its money.
    protect_unit(op, "journal", "unit")
    op.execute("""
        CREATE POLICY sees_money ON journal FOR SELECT TO dakehu_reader USING (
            unit IS NULL AND EXISTS (
                SELECT FROM kit.in_sight
                WHERE in_sight.customer_key = journal.customer_key
                    AND in_sight.aspect = 'money'))""")


def _create_sides() -> None:
    op.execute("""
        CREATE VIEW entries WITH (security_invoker = true) AS
        SELECT journal_id, line_no, kind, source_id, customer_key, item_id, unit, business_line,
            is_increment, event_on, event_at, created_at, reverses, side.account, side.debit,
            side.credit, side.debit - side.credit AS balance
        FROM journal CROSS JOIN LATERAL (VALUES
            (journal.debit, journal.amount, 0::numeric(18, 2)),
            (journal.credit, 0::numeric(18, 2), journal.amount)
        ) AS side (account, debit, credit)""")
    op.execute("GRANT SELECT ON entries TO dakehu_reader")
