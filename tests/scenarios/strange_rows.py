"""A row of Guangzhou in every protected table, made without asking any rule.

The rows make no sense to a domain; they are only there to be seen, or not. Every text in them holds
MARKER, unless a check lists words: then it is the first of these. Every identifier is derived from
its column's name, so that rows of different tables belong together and an address can name them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from shared.identifiers import derived_id
from tests.support import cast

CUSTOMER = cast.ELECTRONICS
UNIT = CUSTOMER.owner_unit
MARKER = "只给广州看"

_TABLES = """
SELECT relname, relkind IN ('v', 'm') AS is_view, relrowsecurity,
    EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid) AS has_policy,
    has_table_privilege('dakehu_reader', c.oid, 'SELECT') AS is_readable,
    coalesce('security_invoker=true' = ANY (reloptions), false) AS asks_as_invoker
FROM pg_class c
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    AND relname NOT LIKE 'alembic%' ORDER BY relname
"""
_COLUMNS = """
SELECT column_name, data_type, udt_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
    AND is_identity = 'NO' AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_CHECKS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = format('public.%%I', %s::text)::regclass AND contype IN ('c', 'f', 'x')
"""
_WORDS = re.compile(r"\(\((\w+) = ANY \(ARRAY\['([^']+)'")

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Tables:
    """The tables and views of a service's own, by what keeps a reader from their rows."""

    protected: list[str]
    """Their policies decide which rows are shown."""
    closed: list[str]
    """No GET reads them at all: no policy opens them, or the reader has no right to them."""
    open: list[str]
    open_views: list[str]
    """Views that show what their owner sees."""


def tables(server: Connection) -> Tables:
    """What the database holds."""
    found = Tables([], [], [], [])
    for name, is_view, is_secured, has_policy, is_readable, as_invoker in server.execute(_TABLES):
        if is_view:
            found.open_views.extend([] if as_invoker or not is_readable else [name])
        elif not is_readable or (is_secured and not has_policy):
            found.closed.append(name)
        else:
            (found.protected if is_secured else found.open).append(name)
    return found


def identifier(column: str) -> UUID:
    """What stands in the uuid column of that name."""
    return CUSTOMER.key if column.endswith("customer_key") else derived_id(MARKER, column)


def put_everywhere(server: Connection) -> None:
    """Put a row into every protected table, past every check and trigger; needs a superuser."""
    server.execute(
        "INSERT INTO kit.grants SELECT %s, aspect, %s, '2020-01-01', NULL"
        " FROM unnest(ARRAY['base', 'archive', 'money', 'dispute']) AS aspect",
        [CUSTOMER.key, UNIT],
    )
    found = tables(server)
    for table in (*found.protected, *found.closed):
        _put_into(server, table)


def _put_into(server: Connection, table: str) -> None:
    words: dict[str, object] = {}
    for check, definition in server.execute(_CHECKS, [table]).fetchall():
        words |= dict(_WORDS.findall(definition))
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE")
        server.execute(drop.format(sql.Identifier(table), sql.Identifier(check)))
    columns = server.execute(_COLUMNS, [table]).fetchall()
    insert = sql.SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) ON CONFLICT DO NOTHING"
    ).format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in columns),
        sql.SQL(", ").join(sql.Placeholder() for _ in columns),
    )
    server.execute("SET session_replication_role = replica")
    words |= {name: word for (of, name), word in _WORDS_OF_RULES.items() if of == table}
    words |= {
        name: _first_label(server, element)
        for name, kind, element in columns
        if kind == "USER-DEFINED"
    }
    row = [words.get(name) or _value(name, kind, element) for name, kind, element in columns]
    server.execute(insert, row)
    server.execute("SET session_replication_role = origin")


def _first_label(server: Connection, enumeration: str) -> object:
    label = server.execute(f"SELECT (enum_range(NULL::{enumeration}))[1]::text").fetchone()
    assert label is not None
    return label[0]


def _value(column: str, kind: str, element: str) -> object:
    if kind == "ARRAY":
        return [_value(column, _ELEMENTS.get(element, "text"), element)]
    if kind == "uuid":
        return identifier(column)
    if kind == "text" and (column == "unit" or column.endswith("_unit")):
        return UNIT
    return _VALUES.get(kind, MARKER)


# Words that only the rules list, so that commands get as far as asking who is asking.
_WORDS_OF_RULES: dict[tuple[str, str], object] = {
    ("complaint_clocks", "stage"): "answer",
    ("complaint_breaches", "stage"): "answer",
    ("visits", "verdict"): "confirmed",
    ("verifications", "verdict"): "confirmed",
    ("expenses", "verdict"): "confirmed",
    ("customers", "kind"): "commercial",
    ("disputes", "cause"): "claim",
    ("disputes", "state"): "open",
    ("ownerships", "rule"): "declaration",
    # The end of the chain is for everybody to note down, and says nothing of anybody.
    ("declaration_chain_head", "hash"): "0" * 64,
    ("declaration_chain", "hash"): "0" * 64,
    # So that the entries that are chained after it say nothing of anybody either.
    ("archive_audit_chain", "hash"): "0" * 64,
    ("archive_versions", "section"): "basic",
    ("archive_requests", "sections"): ["basic"],
    ("archive_requests", "state"): "pending",
    ("archive_erasures", "section"): "basic",
    ("archive_erasures", "erased"): '{"1": ["/phone"]}',
    ("archive_assets", "kind"): "original",
    ("archive_assets", "state"): "intact",
    ("archive_asset_steps", "state"): "intact",
    ("archive_loans", "state"): "requested",
    ("customer_types", "type"): "d",
    ("base_agreements", "basis"): "fixed",
    ("routings", "outcome"): "authorised",
    ("marketing_requests", "state"): "asked",
    ("delegations", "powers"): ["rule-disputes"],
    ("handover_answers", "moved"): "[]",
    ("handover_answers", "exceptions"): "[]",
    ("agreements", "authority"): "null",
    ("preliminary_signatures", "authority"): "null",
}
_ELEMENTS = {
    "_uuid": "uuid",
    "_date": "date",
    "_int4": "integer",
    "_int8": "bigint",
    "_numeric": "numeric",
}
_VALUES: dict[str, object] = {
    "date": "2026-01-01",
    "timestamp with time zone": "2026-01-01T00:00:00+08:00",
    "time without time zone": "09:00",
    "integer": 1,
    "smallint": 1,
    "bigint": 1,
    "numeric": 1,
    "boolean": True,
    "jsonb": f'{{"text": "{MARKER}"}}',
    "json": f'{{"text": "{MARKER}"}}',
    "bytea": MARKER.encode(),
    "interval": "1 day",
    "daterange": "[2026-01-01,)",
}
