"""`python -m tests.benchmarks.arrears`: late fees and ageing of very many open instalments.

Ours are the sweep `accrue-late-fees`, portion by portion, and the ageing report as people of a
province and of a county ask it; beside them one statement each, written by hand for these data
(`bare_accrual`), on a copy of the same database.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from psycopg import sql
from rich.console import Console
from rich.table import Table

from deploy.local.servers import EmbeddedPostgres
from services.billing.api.arrears.ageing import ageing
from services.billing.app import SERVICE
from services.billing.settings import Settings
from services.billing.storage.arrears import reports
from services.billing.sweeps import SWEEPS
from shared import presets, sweeps
from shared.auth import Caller
from shared.clock import SystemClock
from shared.crypto import Box, new_key
from shared.http.paging import DEFAULT_PAGE_SIZE
from shared.http.reading import Readings, create_reading_engine
from shared.http.tracing import Trace
from shared.migrations.run import upgrade
from shared.service import runtime
from shared.sweeps import Performed, Sweeps
from shared.work import Work
from tests.benchmarks import bare_accrual, instalments

ON = date(2026, 1, 31)
BEFORE = date(2025, 12, 31)
PEOPLE = {
    "province director": Caller("province", "GD", frozenset({"director"})),
    "county manager": Caller("county", "GD-3-2", frozenset({"account_manager"})),
}
Read = Callable[[Work], Awaitable[object]]


def _page(on: date, after: date | None = None) -> Read:
    """A page of the list of items as it was on a day, behind what was due on `after`."""
    start = {"after_due": after, "after_item": None if after is None else UUID(int=0)}
    asked = {"on": on, "customer_key": None, "at_most": DEFAULT_PAGE_SIZE + 1, **start}
    return lambda work: work.rows(reports.AGEING_PAGE, **asked)


ASKED: dict[str, Read] = {
    "ageing by customer": lambda work: ageing(work, ON),
    "ageing by customer a month before": lambda work: ageing(work, BEFORE),
    "a first page of items": _page(ON),
    "a page in the middle": _page(ON, date(2025, 12, 15)),
    "a page a month before": _page(BEFORE),
}
_FIRSTS = [1, 31, 61, 91, 181, 366]
console = Console(width=110)


def main(
    instalments_: Annotated[
        int, typer.Option("--instalments", help="how many are open")
    ] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="how often ageing is asked; medians")] = 3,
) -> None:
    """Make the books, let late fees grow in two copies of them, ask for ageing, print."""
    with tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data", is_durable=False)
        server.start()
        try:
            server.provide("billing", "bench")
            ours, bare = _books(server, instalments_)
            asyncio.run(_measure(ours, bare, instalments_, rounds))
        finally:
            server.stop()


def _books(server: EmbeddedPostgres, number: int) -> tuple[Settings, str]:
    """Ours, and the address of the copy for the statements written by hand."""
    url = server.url("billing", "billing", "bench")
    settings = Settings.model_validate(
        {
            "database_url": url,
            "nats_url": "nats://127.0.0.1:1",
            "nats_password": "none",
            "data_keys": new_key(),
        }
    )
    upgrade(settings.sqlalchemy_url, SERVICE.package)
    started = time.monotonic()
    asyncio.run(_load_preset(settings))
    instalments.make(server.url("billing"), number)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        copy = "CREATE DATABASE bare TEMPLATE billing STRATEGY file_copy"
        connection.execute(sql.SQL(copy))
    console.print(f"{number:,} instalments made in {time.monotonic() - started:.0f} s")
    return settings, server.url("bare")


async def _load_preset(settings: Settings) -> None:
    async with runtime(SERVICE, settings, "benchmark") as held, held.works.begin() as work:
        await presets.load(work, presets.shipped(SERVICE.package, "utility", SERVICE.policies))


async def _measure(ours: Settings, bare: str, number: int, rounds: int) -> None:
    table = Table("what", "seconds", "a second", "ratio", "MB more")
    with _connected(bare) as connection:
        started = time.perf_counter()
        connection.execute(bare_accrual.ACCRUAL, {"on": ON, "now": datetime.now(UTC)})
        by_hand = time.perf_counter() - started
        _row(table, "accrual, one statement by hand", by_hand, by_hand, number)
        before = _megabytes()
        seconds, longest = await _accrue(ours)
        grown = f"{_megabytes() - before:.0f}"
        _row(table, "accrual, our sweep", seconds, by_hand, number, grown)
        _row(table, "  its longest portion", longest, by_hand, number)
        _compare(connection, ours)
        connection.execute("VACUUM ANALYZE journal, items")
        asked = {"on": ON, "firsts": _FIRSTS}
        by_hand = median(_timed(connection, bare_accrual.AGEING, asked) for _ in range(rounds + 1))
    _row(table, "ageing, one statement by hand", by_hand, by_hand, number)
    for who, caller in PEOPLE.items():
        for what, read in ASKED.items():
            seconds = await _ask(ours, caller, read, rounds)
            _row(table, f"{what}, {who}", seconds, by_hand, number)
    console.print(table)


def _row(
    table: Table, what: str, seconds: float, by_hand: float, number: int, grown: str = ""
) -> None:
    ratio = f"{seconds / by_hand:.2f}"
    table.add_row(what, f"{seconds:.2f}", f"{number / seconds:,.0f}", ratio, grown)


async def _accrue(settings: Settings) -> tuple[float, float]:
    """Seconds of the whole sweep, and of its longest portion."""
    only = Sweeps(*(sweep for sweep in SWEEPS if sweep.name == "accrue-late-fees"))
    marks: list[float] = [time.perf_counter()]

    def note(performed: Performed) -> None:
        marks.append(time.perf_counter())

    async with runtime(SERVICE, settings, "benchmark") as held:
        await sweeps.perform(held.works, only, ON, ON, note)
    return marks[-1] - marks[0], max(b - a for a, b in pairwise(marks))


def _compare(connection: psycopg.Connection[tuple[object, ...]], ours: Settings) -> None:
    """Refuse to compare times of what did not come to the same."""
    fees = "SELECT count(*), sum(amount) FROM items WHERE fee_of IS NOT NULL"
    facts = "SELECT count(*) FROM kit.outbox"
    with _connected(ours.database_url) as other:
        for question in (fees, facts):
            by_hand = connection.execute(question).fetchone()
            assert other.execute(question).fetchone() == by_hand, question
        other.execute("VACUUM ANALYZE")


def _timed(
    connection: psycopg.Connection[tuple[object, ...]], statement: str, asked: dict[str, object]
) -> float:
    started = time.perf_counter()
    connection.execute(statement, asked).fetchall()
    return time.perf_counter() - started


async def _ask(settings: Settings, caller: Caller, read: Read, rounds: int) -> float:
    engine = create_reading_engine(settings, "benchmark")
    readings = Readings("billing", engine, SystemClock(), settings, Box(new_key(), new_key()))
    taken: list[float] = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        await readings.read(caller, Trace("0" * 32, "00", "bench"), read)
        taken.append(time.perf_counter() - started)
    await readings.close()
    return median(taken[1:])


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(main)
