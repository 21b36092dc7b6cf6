"""`python -m tests.benchmarks.revenue_reports`: reports of revenue over very many postings.

Asked as people of a province and of a county, through the reader's role, scope and row-level
security; beside them the same sums by bare SQL as the owner of the tables, on the same journal.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from deploy.local.servers import EmbeddedPostgres
from services.billing.app import SERVICE
from services.billing.settings import Settings
from services.billing.storage.revenue import reports
from shared.auth import Caller
from shared.clock import SystemClock
from shared.crypto import Box, new_key
from shared.http.reading import Readings, create_reading_engine
from shared.http.tracing import Trace
from shared.migrations.run import upgrade
from shared.work import Work
from tests.benchmarks.million import CITIES, COUNTIES, UNITS

PEOPLE = {
    "province": Caller("province", "GD", frozenset({"director"})),
    "county": Caller("county", "GD-3-2", frozenset({"account_manager"})),
}
PERIODS = {
    "from_on": date(2026, 1, 1),
    "until_on": date(2026, 12, 31),
    "before_from_on": date(2025, 1, 1),
    "before_until_on": date(2025, 12, 31),
}
EVERYTHING = {"customer_key": None, "unit": None, "business_line": None}
QUESTIONS: dict[str, tuple[str, ...]] = {
    "one total": (),
    "by unit": ("unit",),
    "by month and line": ("month", "line"),
    "by customer": ("customer",),
    "by rule": ("rule",),
}
_MADE = f"""
INSERT INTO kit.grants (customer_key, aspect, unit, from_on)
SELECT md5('customer ' || number)::uuid, 'money',
    'GD-' || number %% {CITIES} || '-' || (number / {CITIES}) %% {COUNTIES}, '2020-01-01'
FROM generate_series(1, %(customers)s) AS number;
CREATE TEMP TABLE recorded AS
SELECT md5('posting ' || number)::uuid AS id,
    md5('customer ' || 1 + number %% %(customers)s)::uuid AS customer_key,
    'GD-' || (1 + number %% %(customers)s) %% {CITIES} || '-'
        || ((1 + number %% %(customers)s) / {CITIES}) %% {COUNTIES} AS unit,
    '2025-01-01'::date + (number %% 730) * 7919 %% 730 AS day,
    (100 + number %% 90000)::numeric(18, 2) / 100 AS amount,
    (ARRAY['letters', 'express', 'parcel'])[1 + number %% 3] AS line,
    (ARRAY['default', 'ruling', 'base-increment'])[1 + number %% 7 %% 3] AS rule,
    number %% 10 = 0 AS is_increment, number
FROM generate_series(1, %(postings)s) AS number;
INSERT INTO postings (posting_id, customer_key, journal_id, occurred_on, decided_on, version,
    terms_version, event_at, amount, base, reversed, system, ref, business_line, rule)
SELECT id, customer_key, id, day, day, 1, 1, now(), amount, amount, 0, 'erp', 'R-' || number, line,
    rule FROM recorded;
INSERT INTO journal (created_at, event_at, event_on, line_no, is_increment, debit, credit,
    journal_id, source_id, customer_key, amount, kind, unit, business_line)
SELECT now(), now(), day, 1, is_increment, 'billed_clearing', 'revenue', id, id, customer_key,
    amount, 'revenue', unit, line FROM recorded
"""
_BARE = """
SELECT {keys} sum(journal.amount) FILTER (WHERE NOT is_increment),
    sum(journal.amount) FILTER (WHERE is_increment)
FROM journal {joined} WHERE credit = 'revenue' AND event_on BETWEEN %(from_on)s AND %(until_on)s
{group}
"""
_COLUMNS = {
    "unit": "journal.unit",
    "month": "date_trunc('month', event_on)",
    "line": "journal.business_line",
    "customer": "journal.customer_key",
    "rule": "rule",
}
console = Console(width=110)


def main(
    postings: Annotated[int, typer.Option(help="how many are in the journal")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="how often each is asked; medians")] = 3,
) -> None:
    """Make the books, ask for every report, print."""
    with tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data", is_durable=False)
        server.start()
        try:
            server.provide("billing", "bench")
            settings = Settings.model_validate(
                {
                    "database_url": server.url("billing", "billing", "bench"),
                    "nats_url": "nats://127.0.0.1:1",
                    "nats_password": "none",
                    "data_keys": new_key(),
                }
            )
            upgrade(settings.sqlalchemy_url, SERVICE.package)
            with psycopg.connect(server.url("billing"), autocommit=True) as connection:
                _make(connection, postings)
                bare = {what: _bare(connection, by, rounds) for what, by in QUESTIONS.items()}
            asyncio.run(_measure(settings, bare, rounds))
        finally:
            server.stop()


def _make(connection: psycopg.Connection[tuple[object, ...]], postings: int) -> None:
    started = time.monotonic()
    for statement in UNITS.format(cities=CITIES, counties=COUNTIES).split(";"):
        connection.execute(statement.encode())
    sizes = {"postings": postings, "customers": max(1, postings // 50)}
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(_MADE.encode(), sizes)
    connection.execute("VACUUM ANALYZE")
    console.print(f"{postings:,} postings made in {time.monotonic() - started:.0f} s")


def _bare(
    connection: psycopg.Connection[tuple[object, ...]], by: tuple[str, ...], rounds: int
) -> float:
    """Seconds of the same sums, by hand."""
    keys = "".join(f"{_COLUMNS[name]}, " for name in by)
    joined = "JOIN postings ON posting_id = source_id" if "rule" in by else ""
    group = f"GROUP BY {', '.join(str(place) for place in range(1, len(by) + 1))}" if by else ""
    statement = _BARE.format(keys=keys, joined=joined, group=group).encode()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        connection.execute(statement, PERIODS).fetchall()
        times.append(time.perf_counter() - started)
    return median(times)


async def _measure(settings: Settings, bare: dict[str, float], rounds: int) -> None:
    table = Table("report of a year", "by hand", *PEOPLE, "with the year before", "province : hand")
    engine = create_reading_engine(settings, "benchmark")
    readings = Readings("billing", engine, SystemClock(), settings, Box(new_key(), new_key()))
    for what, by in QUESTIONS.items():
        seconds = [
            await _asked(readings, caller, reports.grouped(by), rounds)
            for caller in PEOPLE.values()
        ]
        compared = reports.grouped(by, with_before=True)
        beside = await _asked(readings, PEOPLE["province"], compared, rounds)
        shown = [f"{each:.2f}" for each in (bare[what], *seconds, beside)]
        table.add_row(what, *shown, f"{seconds[0] / bare[what]:.1f}")
    await readings.close()
    console.print(table)


async def _asked(readings: Readings, caller: Caller, sql: str, rounds: int) -> float:
    async def answer(work: Work) -> int:
        return len(await work.rows(sql, **PERIODS, **EVERYTHING))

    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        await readings.read(caller, Trace("0" * 32, "00", "bench"), answer)
        times.append(time.perf_counter() - started)
    return median(times)


if __name__ == "__main__":
    typer.run(main)
