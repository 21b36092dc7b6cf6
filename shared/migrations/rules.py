"""Row-level security as migrations write it: the second lock behind `grants.visible`.

It holds for `dakehu_reader`, the role that every GET takes; the service itself (commands,
consumers, sweeps) owns its tables and is not subject. Rows are shown that any of a table's policies
shows. A view over a protected table must say `WITH (security_invoker = true)`, or it shows what its
owner sees.
"""

from __future__ import annotations

from typing import Protocol


class Operations(Protocol):
    """What is needed of `alembic.op`."""

    def execute(self, sqltext: str) -> None: ...


_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dakehu_reader') THEN
        BEGIN
            CREATE ROLE dakehu_reader NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another service was first
        END;
    END IF;
    -- Since 16 whoever makes a role is its member, yet may not become it.
    IF NOT pg_has_role(current_user, 'dakehu_reader', CASE
        WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        EXECUTE format('GRANT dakehu_reader TO %I', current_user);
    END IF;
END $$
"""


def let_reader_in(op: Operations) -> None:
    """Make the reader's role if the cluster has none, and let it read what the service stores.

    The role is the cluster's, the databases are several, so services may come here at once. A
    service that may not create roles needs it beforehand, as deploy/postgres/service.sql makes it.
    """
    op.execute(_ROLE)
    op.execute("GRANT USAGE ON SCHEMA public, kit TO dakehu_reader")
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO dakehu_reader")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO dakehu_reader")


def protect(op: Operations, table: str, aspect: str, column: str = "customer_key") -> None:
    """Show readers only rows of customers of whom they may see `aspect`.

    Aspects are base, archive, money and dispute. `column` holds the customer key; rows without
    one are hidden, unless `protect_unit` shows them to the unit that has them in hand.
    """
    _protect(
        op,
        table,
        f"sees_{aspect}",
        f"EXISTS (SELECT FROM kit.in_sight WHERE in_sight.customer_key = {table}.{column}"
        f" AND in_sight.aspect = '{aspect}')",
    )


def protect_unit(op: Operations, table: str, column: str = "unit") -> None:
    """Show readers only rows of their own unit and of those below it."""
    _protect(op, table, "sees_unit", f"{table}.{column} IN (SELECT unit FROM kit.units_in_sight)")


def protect_part(op: Operations, table: str, whole: str, column: str) -> None:
    """Show readers only rows that belong to a row of `whole` that they may see.

    For parts of a protected thing (instalments of a receivable): `column` has the same name in
    both tables. Whatever protects `whole` protects its parts.
    """
    _protect(
        op,
        table,
        f"sees_{whole}",
        f"EXISTS (SELECT FROM {whole} WHERE {whole}.{column} = {table}.{column})",
    )


def _protect(op: Operations, table: str, policy: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {policy} ON {table} FOR SELECT TO dakehu_reader USING ({condition})")
