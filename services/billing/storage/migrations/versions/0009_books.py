"""Months that are closed, the day in the books beside the day it belongs to, and balances."""

from __future__ import annotations

from alembic import op

from services.billing.storage.migrations.chart import ChartedAccount, add_accounts, drop_accounts
from shared.migrations.rules import protect, protect_unit

revision = "billing_0009"
down_revision = "billing_0008"
branch_labels = None
depends_on = None

_ACCOUNTS = (ChartedAccount("opening_balances", "4001", "credit", "期初余额", "Opening balances"),)
_OF_CUSTOMERS = "'receivable', 'unapplied_cash', 'deposits_held'"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE accounts
        ADD COLUMN IF NOT EXISTS is_of_customer boolean NOT NULL DEFAULT false""")
    add_accounts(op, _ACCOUNTS)
    op.execute(f"UPDATE accounts SET is_of_customer = true WHERE account IN ({_OF_CUSTOMERS})")
    _allow_funds("bank", "deposit", "compensation", "opening")
    _create_months()
    _create_balances()
    _create_control_totals()
    _date_the_books()
    _keep_the_rules()


def downgrade() -> None:
    op.execute("DROP TRIGGER rules_of_the_books ON journal")
    op.execute("DROP FUNCTION keep_the_books()")
    _create_entries(_ENTRY)
    op.execute("ALTER TABLE journal DROP COLUMN booked_on")
    op.execute("DROP TABLE balances, control_totals, controlled_facts")
    op.execute("DROP FUNCTION balances_follow_the_journal()")
    op.execute("DROP FUNCTION open_from()")
    op.execute("DROP TABLE closed_months, closed_accounts, closed_revenue")
    op.execute("DROP FUNCTION close_in_order()")
    _allow_funds("bank", "deposit", "compensation")
    drop_accounts(op, _ACCOUNTS)
    op.execute("ALTER TABLE accounts DROP COLUMN is_of_customer")


def _allow_funds(*funds: str) -> None:
    names = ", ".join(f"'{fund}'" for fund in funds)
    op.execute(f"""
        ALTER TABLE payments DROP CONSTRAINT payments_fund_check,
            ADD CONSTRAINT payments_fund_check CHECK (fund IN ({names}))""")


def _create_months() -> None:
    op.execute("""
        CREATE TABLE closed_months (
            month date PRIMARY KEY CHECK (month = date_trunc('month', month)),
            closed_on date NOT NULL, closed_at timestamptz NOT NULL, closed_by text NOT NULL,
            closing_unit text NOT NULL, policy_version integer NOT NULL,
            postings integer NOT NULL, late_lines integer NOT NULL, waiting integer NOT NULL
        )""")
    op.execute("""
        CREATE TABLE closed_accounts (
            month date, account account NOT NULL, closing_unit text NOT NULL,
            debit numeric(18, 2) NOT NULL, credit numeric(18, 2) NOT NULL,
            balance numeric(18, 2) NOT NULL, PRIMARY KEY (month, account)
        )""")
    op.execute("""
        CREATE TABLE closed_revenue (
            month date, unit text NOT NULL, business_line text NOT NULL,
            base numeric(18, 2) NOT NULL, increment numeric(18, 2) NOT NULL,
            PRIMARY KEY (month, unit, business_line)
        )""")
    # The company's figures are for who closed them and whoever stands above.
    protect_unit(op, "closed_accounts", "closing_unit")
    protect_unit(op, "closed_revenue", "unit")
    # Who posts holds the months as they are until the end of the transaction, together with all
    # others who post; who closes one has them alone. Every question in a volatile function sees
    # what was committed when it is asked, so whoever had to wait sees the month that was closed.
    op.execute("""
        CREATE FUNCTION open_from() RETURNS date LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            LOCK TABLE closed_months IN ROW SHARE MODE;
            RETURN coalesce(
                (SELECT (max(month) + interval '1 month')::date FROM closed_months), '0001-01-01');
        END $$""")
    op.execute("""
        CREATE FUNCTION close_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            LOCK TABLE closed_months IN EXCLUSIVE MODE;
            IF NEW.month <> (SELECT max(month) + interval '1 month' FROM closed_months) THEN
                RAISE EXCEPTION '% is not the month after the last that is closed', NEW.month
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'months_close_in_order';
            END IF;
            RETURN NEW;
        END $$""")
    op.execute("""
        CREATE TRIGGER close_in_order BEFORE INSERT ON closed_months
        FOR EACH ROW EXECUTE FUNCTION close_in_order()""")
    for table in ("closed_months", "closed_accounts", "closed_revenue"):
        _only_ever_added(table)


def _only_ever_added(table: str) -> None:
    for events in ("UPDATE OR DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER only_ever_added_{events.split()[0].lower()} BEFORE {events}"
            f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )


def _create_balances() -> None:
    op.execute("""
        CREATE TABLE balances (
            customer_key uuid NOT NULL, account account NOT NULL,
            version bigint NOT NULL, balance numeric(18, 2) NOT NULL,
            PRIMARY KEY (customer_key, account)
        )""")
    protect(op, "balances", aspect="money")
    op.execute("""
        INSERT INTO balances (customer_key, account, version, balance)
        SELECT customer_key, account, count(*), sum(balance)
        FROM entries JOIN accounts USING (account) WHERE is_of_customer
        GROUP BY customer_key, account""")
    op.execute("""
        CREATE FUNCTION balances_follow_the_journal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'balances follow the journal';
        END $$""")
    for events in ("INSERT OR UPDATE OR DELETE", "TRUNCATE"):
        op.execute(f"""
            CREATE TRIGGER follow_the_journal_{events.split()[0].lower()} BEFORE {events}
            ON balances FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
            EXECUTE FUNCTION balances_follow_the_journal()""")


def _create_control_totals() -> None:
    op.execute("""
        CREATE TABLE control_totals (
            system text NOT NULL, ref text NOT NULL, event text NOT NULL, "on" date NOT NULL,
            count integer NOT NULL, amount numeric(18, 2) NOT NULL,
            stated_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (system, ref)
        )""")
    op.execute('CREATE INDEX control_totals_day ON control_totals ("on", system, event)')
    op.execute("""
        CREATE TABLE controlled_facts (
            system text NOT NULL, total_ref text NOT NULL, ref text NOT NULL,
            amount numeric(18, 2) NOT NULL, PRIMARY KEY (system, total_ref, ref)
        )""")
    for table in ("control_totals", "controlled_facts"):
        _only_ever_added(table)


def _date_the_books() -> None:
    # Empty for all that comes in time: not one byte more on the hot path.
    op.execute("""
        ALTER TABLE journal ADD COLUMN booked_on date,
            ADD CONSTRAINT booked_later CHECK (booked_on > event_on)""")
    op.execute("CREATE INDEX journal_late ON journal (booked_on) WHERE booked_on IS NOT NULL")
    op.execute("CREATE INDEX journal_reverses ON journal (reverses) WHERE reverses IS NOT NULL")
    _create_entries(f"{_ENTRY}, coalesce(booked_on, event_on) AS booked_on")


_ENTRY = """
journal_id, line_no, kind, source_id, customer_key, item_id, unit, business_line, is_increment,
event_on, event_at, created_at, reverses, side.account, side.debit, side.credit,
side.debit - side.credit AS balance
"""


def _create_entries(columns: str) -> None:
    op.execute("DROP VIEW entries")
    op.execute(f"""
        CREATE VIEW entries WITH (security_invoker = true) AS
        SELECT {columns} FROM journal CROSS JOIN LATERAL (VALUES
            (journal.debit, journal.amount, 0::numeric(18, 2)),
            (journal.credit, 0::numeric(18, 2), journal.amount)
        ) AS side (account, debit, credit)""")
    op.execute("GRANT SELECT ON entries TO dakehu_reader")


def _keep_the_rules() -> None:
    """Once for a statement, over all its lines: the journal is the hot path."""
    op.execute("""
        CREATE FUNCTION keep_the_books() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            first_open date := open_from();
            of_customers account[] := ARRAY(SELECT account FROM accounts WHERE is_of_customer);
            is_misdated boolean; is_reversal boolean; is_of_customer boolean;
            reversed uuid[];
        BEGIN
            SELECT bool_or(coalesce(booked_on, event_on) <> greatest(event_on, first_open)),
                bool_or(reverses IS NOT NULL),
                bool_or(debit = ANY (of_customers) OR credit = ANY (of_customers))
            INTO is_misdated, is_reversal, is_of_customer FROM fresh;
            IF is_misdated THEN
                RAISE EXCEPTION 'the books before % are closed: what belongs there is booked then',
                    first_open USING ERRCODE = 'check_violation', CONSTRAINT = 'month_is_open';
            END IF;
            IF is_reversal THEN
                reversed := ARRAY(SELECT DISTINCT reverses FROM fresh WHERE reverses IS NOT NULL);
                PERFORM FROM journal WHERE journal_id = ANY (reversed)
                    ORDER BY journal_id, line_no FOR NO KEY UPDATE;
                IF EXISTS (SELECT FROM unnest(reversed) AS named (journal_id)
                    WHERE NOT EXISTS (SELECT FROM journal
                        WHERE journal.journal_id = named.journal_id AND reverses IS NULL))
                THEN
                    RAISE EXCEPTION 'a reversal names a journal that is none'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'reverses_no_reversal';
                END IF;
                IF EXISTS (SELECT FROM unnest(reversed) AS named (journal_id)
                    WHERE (SELECT sum(amount) FROM journal WHERE reverses = named.journal_id)
                        > (SELECT sum(amount) FROM journal
                            WHERE journal.journal_id = named.journal_id))
                THEN
                    RAISE EXCEPTION 'a reversal takes back no more than there is'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'reverses_what_is_there';
                END IF;
            END IF;
            IF is_of_customer THEN
                INSERT INTO balances AS held (customer_key, account, version, balance)
                SELECT customer_key, side.account, count(*), sum(side.amount)
                FROM fresh CROSS JOIN LATERAL (VALUES (debit, amount), (credit, -amount))
                    AS side (account, amount)
                WHERE side.account = ANY (of_customers)
                GROUP BY customer_key, side.account ORDER BY customer_key, side.account
                ON CONFLICT (customer_key, account) DO UPDATE
                SET version = held.version + excluded.version,
                    balance = held.balance + excluded.balance;
            END IF;
            RETURN NULL;
        END $$""")
    op.execute("""
        CREATE TRIGGER rules_of_the_books AFTER INSERT ON journal
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION keep_the_books()""")
