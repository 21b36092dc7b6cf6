"""Credit: what groups owe, how much they may, what is reserved, and how customers pay."""

from __future__ import annotations

from alembic import op

from shared.migrations.rules import protect

revision = "billing_0014"
down_revision = "billing_0013"
branch_labels = None
depends_on = None

_ADDED_TO = (
    *("credit_limit_proposals", "credit_limit_decisions", "credit_reservation_changes"),
    *("credit_crossings", "credit_assessments"),
)
_CHANGING = ("credit_reservations", "framework_contracts")


def upgrade() -> None:
    _create_limits()
    _create_reservations()
    _create_assessments()
    for table in _ADDED_TO:
        op.execute(
            f"CREATE TRIGGER only_ever_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kit.only_ever_added()"
        )
    for table in (*_CHANGING, *_ADDED_TO):
        protect(op, table, aspect="money")
    _create_groups()
    _create_standings()


def downgrade() -> None:
    op.execute("DROP FUNCTION credit_overdue, credit_standings, credit_members, credit_groups")
    op.execute(f"DROP TABLE {', '.join((*_CHANGING, *_ADDED_TO))}")


def _create_limits() -> None:
    op.execute("""
        CREATE TABLE credit_limit_proposals (
            proposal_id uuid PRIMARY KEY, customer_key uuid NOT NULL,
            amount numeric(18, 2) CHECK (amount >= 0), effective_on date NOT NULL,
            reason text NOT NULL, proposed_by text NOT NULL, recorded_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE INDEX credit_limit_proposals_customer ON credit_limit_proposals (customer_key)"
    )
    op.execute("""
        CREATE TABLE credit_limit_decisions (
            proposal_id uuid PRIMARY KEY, customer_key uuid NOT NULL, is_approved boolean NOT NULL,
            limit_version integer, amount numeric(18, 2), effective_on date NOT NULL,
            reason text NOT NULL, decided_by text NOT NULL, policy_version integer,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT approved_has_version CHECK (is_approved = (limit_version IS NOT NULL))
        )""")
    op.execute(
        "CREATE UNIQUE INDEX credit_limit_versions"
        " ON credit_limit_decisions (customer_key, limit_version) WHERE is_approved"
    )


def _create_reservations() -> None:
    op.execute("""
        CREATE TABLE credit_reservations (
            reservation_id uuid PRIMARY KEY, customer_key uuid NOT NULL,
            amount numeric(18, 2) NOT NULL CHECK (amount > 0),
            consumed numeric(18, 2) NOT NULL CHECK (consumed BETWEEN 0 AND amount),
            purpose text NOT NULL, ref text NOT NULL UNIQUE,
            reserved_on date NOT NULL, until_on date NOT NULL,
            state text NOT NULL CHECK (state IN ('live', 'consumed', 'released', 'expired')),
            reserved_by text NOT NULL, policy_version integer, version integer NOT NULL,
            recorded_at timestamptz NOT NULL
        )""")
    op.execute(
        "CREATE INDEX credit_reservations_customer ON credit_reservations (customer_key)"
        " WHERE state = 'live'"
    )
    op.execute(
        "CREATE INDEX credit_reservations_due ON credit_reservations (until_on)"
        " WHERE state = 'live'"
    )
    op.execute("""
        CREATE TABLE credit_reservation_changes (
            reservation_id uuid NOT NULL, version integer NOT NULL, customer_key uuid NOT NULL,
            state text NOT NULL, consumed numeric(18, 2) NOT NULL, "on" date NOT NULL,
            staff_code text, charge_id uuid, reason text, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (reservation_id, version)
        )""")
    op.execute(
        "CREATE INDEX credit_reservation_changes_customer"
        " ON credit_reservation_changes (customer_key)"
    )
    op.execute("""
        CREATE TABLE credit_crossings (
            customer_key uuid NOT NULL, version integer NOT NULL, is_exceeded boolean NOT NULL,
            as_of date NOT NULL, receivable numeric(18, 2) NOT NULL,
            unapplied numeric(18, 2) NOT NULL, reserved numeric(18, 2) NOT NULL,
            credit_limit numeric(18, 2), limit_version integer, grade text, policy_version integer,
            exposure_version bigint NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (customer_key, version)
        )""")


def _create_assessments() -> None:
    op.execute("""
        CREATE TABLE framework_contracts (
            contract_id uuid PRIMARY KEY, customer_key uuid NOT NULL, signed_on date NOT NULL,
            valid_until_on date, version integer NOT NULL
        )""")
    op.execute("CREATE INDEX framework_contracts_customer ON framework_contracts (customer_key)")
    op.execute("""
        CREATE TABLE credit_assessments (
            assessment_id uuid PRIMARY KEY, customer_key uuid NOT NULL, version integer NOT NULL,
            as_of date NOT NULL, from_on date NOT NULL, until_on date NOT NULL,
            score numeric, grade text, punctuality numeric, days_late numeric,
            inputs jsonb NOT NULL, parts jsonb NOT NULL, policy_version integer NOT NULL,
            credit_limit numeric(18, 2), exposure numeric(18, 2) NOT NULL, assessed_by text,
            recorded_at timestamptz NOT NULL, UNIQUE (customer_key, version)
        )""")


def _create_groups() -> None:
    """Who shares a limit: a head office, its branches, and whoever was merged into any of them.

    These functions ask past row-level security, since a figure of a group is one figure; whoever
    calls them for a reader asks first whether he may see the group.
    """
    op.execute("""
        CREATE FUNCTION credit_groups(keys uuid[]) RETURNS TABLE (customer_key uuid, group_key uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH RECURSIVE up (customer_key, at, seen) AS (
            SELECT key, key, ARRAY[key] FROM unnest(keys) AS key
            UNION ALL
            SELECT up.customer_key, step.above, up.seen || step.above
            FROM up CROSS JOIN LATERAL (
                SELECT coalesce(
                    (SELECT nullif(known.root, up.at) FROM kit.identities known
                     WHERE known.customer_key = up.at),
                    (SELECT held.head_office_key FROM kit.customers held
                     WHERE held.customer_key = up.at)) AS above
            ) step
            WHERE step.above <> ALL (up.seen)
        )
        SELECT DISTINCT ON (up.customer_key) up.customer_key, up.at FROM up
        ORDER BY up.customer_key, cardinality(up.seen) DESC
        $$""")
    op.execute("""
        CREATE FUNCTION credit_members(groups uuid[])
        RETURNS TABLE (group_key uuid, customer_key uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH RECURSIVE member (group_key, customer_key) AS (
            SELECT key, key FROM unnest(groups) AS key
            UNION
            SELECT member.group_key, below.customer_key FROM member CROSS JOIN LATERAL (
                SELECT merged.customer_key FROM kit.identities merged
                WHERE merged.root = member.customer_key
                UNION ALL
                SELECT branch.customer_key FROM kit.customers branch
                WHERE branch.head_office_key = member.customer_key AND NOT EXISTS (
                    SELECT FROM kit.identities known
                    WHERE known.customer_key = branch.customer_key
                        AND known.root <> known.customer_key)
            ) below
        )
        SELECT member.group_key, member.customer_key FROM member
        $$""")


def _create_standings() -> None:
    """Everything that a decision about a group's credit looks at, for many groups at once.

    The limit of the head office counts; where it has none, the lowest of those that were merged
    into it. An amount of NULL with a version is a limit that was lifted.
    """
    op.execute("""
        CREATE FUNCTION credit_standings(groups uuid[], on_day date) RETURNS TABLE (
            group_key uuid, receivable numeric, unapplied numeric, reserved numeric,
            version bigint, limit_version integer, limit_amount numeric, grade text,
            crossing_version integer, is_exceeded boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT owed.group_key, owed.receivable, owed.unapplied, owed.reserved, owed.version,
            coalesce(own.limit_version, taken_over.limit_version),
            CASE WHEN own.limit_version IS NULL THEN taken_over.amount ELSE own.amount END,
            assessed.grade, coalesce(crossed.version, 0),
            coalesce(crossed.is_exceeded, false)
        FROM (
            SELECT member.group_key, coalesce(sum(ledger.receivable), 0) AS receivable,
                coalesce(sum(ledger.unapplied), 0) AS unapplied,
                coalesce(sum(live.reserved), 0) AS reserved,
                coalesce(sum(ledger.version), 0)::bigint + sum((
                    SELECT count(*) FROM credit_reservation_changes changed
                    WHERE changed.customer_key = member.customer_key))::bigint AS version
            FROM credit_members(groups) member
            LEFT JOIN LATERAL (
                SELECT sum(balances.version) AS version,
                    sum(balance) FILTER (WHERE account = 'receivable') AS receivable,
                    -sum(balance) FILTER (WHERE account = 'unapplied_cash') AS unapplied
                FROM balances WHERE balances.customer_key = member.customer_key
                    AND account IN ('receivable', 'unapplied_cash')
            ) ledger ON true
            LEFT JOIN LATERAL (
                SELECT sum(amount - consumed) AS reserved FROM credit_reservations
                WHERE credit_reservations.customer_key = member.customer_key AND state = 'live'
            ) live ON true
            GROUP BY member.group_key
        ) owed
        LEFT JOIN LATERAL (
            SELECT decided.limit_version, decided.amount FROM credit_limit_decisions decided
            WHERE decided.customer_key = owed.group_key AND decided.is_approved
                AND decided.effective_on <= on_day
            ORDER BY decided.limit_version DESC LIMIT 1
        ) own ON true
        LEFT JOIN LATERAL (
            SELECT of_it.limit_version, of_it.amount FROM kit.identities merged
            CROSS JOIN LATERAL (
                SELECT decided.limit_version, decided.amount FROM credit_limit_decisions decided
                WHERE decided.customer_key = merged.customer_key AND decided.is_approved
                    AND decided.effective_on <= on_day
                ORDER BY decided.limit_version DESC LIMIT 1
            ) of_it
            WHERE own.limit_version IS NULL AND merged.root = owed.group_key
            ORDER BY of_it.amount NULLS LAST LIMIT 1
        ) taken_over ON true
        LEFT JOIN LATERAL (
            SELECT judged.grade FROM credit_assessments judged
            WHERE judged.customer_key = owed.group_key ORDER BY judged.version DESC LIMIT 1
        ) assessed ON true
        LEFT JOIN LATERAL (
            SELECT last.version, last.is_exceeded FROM credit_crossings last
            WHERE last.customer_key = owed.group_key ORDER BY last.version DESC LIMIT 1
        ) crossed ON true
        $$""")
    op.execute("""
        CREATE FUNCTION credit_overdue(groups uuid[], on_day date)
        RETURNS TABLE (group_key uuid, overdue numeric, oldest_due_on date)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT member.group_key, sum(items.amount - items.paid), min(items.due_on)
        FROM credit_members(groups) member
        JOIN items ON items.customer_key = member.customer_key
        WHERE items.paid < items.amount AND items.fee_of IS NULL AND items.due_on < on_day
        GROUP BY member.group_key
        $$""")
