"""`python -m tests.benchmarks.search`: how long a clerk waits for a search in a large register.

Makes a register of its own, asks registry's search through the reader's role, scope and row-level
security, and compares with a bare query: the same condition and index, no scope, no order, no page.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from deploy.local.servers import EmbeddedPostgres
from services.registry.app import SERVICE
from services.registry.storage.identity import search
from services.registry.storage.identity.search import Sought
from services.registry.storage.identity.search_rows import sought as pieces_of
from services.registry.storage.identity.spelling import wanted
from shared.auth import Caller
from shared.clock import SystemClock
from shared.crypto import Box, new_key
from shared.http.paging import PageRequest
from shared.http.reading import Readings, create_reading_engine
from shared.http.tracing import Trace
from shared.migrations.run import upgrade
from shared.work import Work
from tests.benchmarks import million

ASKED = {
    "rare: 汕头鸿昌": "汕头鸿昌",
    "rare, initials: sthcjx": "sthcjx",
    "rare, pinyin: shantouhongch": "shantouhongch",
    "nobody: 北京": "北京",
    "one place of 21: 汕头": "汕头",
    "in every name: 公司": "公司",
    "everybody": None,
}
_EVERYBODY = "SELECT name, customer_key FROM customer_names ORDER BY name, customer_key LIMIT 51"
_BARE = """
SELECT name, customer_key FROM customer_names
WHERE name_pieces(terms) @> %s::text[] AND terms LIKE '%%' || %s || '%%' LIMIT 51
"""
PEOPLE = {
    "province director": Caller("province", "GD", frozenset({"director"})),
    "county manager": Caller("county", "GD-3-2", frozenset({"account_manager"})),
}


def main(
    customers: Annotated[int, typer.Option(help="how many customers the register has")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="how often each is asked; medians are printed")] = 9,
) -> None:
    """Make the register, ask, print."""
    with tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data", is_durable=False)
        server.start()
        try:
            server.provide("registry", "bench")
            url = server.url("registry", "registry", "bench")
            settings = SERVICE.settings.model_validate(
                {
                    "database_url": url,
                    "nats_url": "nats://127.0.0.1:1",
                    "nats_password": "none",
                    "data_keys": new_key(),
                    "mark_keys": new_key(),
                }
            )
            upgrade(settings.sqlalchemy_url, SERVICE.package)
            started = time.monotonic()
            million.make(url, customers)
            print_made(customers, time.monotonic() - started)
            engine = create_reading_engine(settings, "benchmark")
            readings = Readings(
                "registry", engine, SystemClock(), settings, Box(new_key(), new_key())
            )
            asyncio.run(_measure(readings, url, rounds))
        finally:
            server.stop()


def print_made(customers: int, seconds: float) -> None:
    """Say how large the register is."""
    Console().print(f"{customers:,} customers made in {seconds:.0f} s")


async def _measure(readings: Readings, url: str, rounds: int) -> None:
    table = Table("asked", "found", *PEOPLE, "bare query", "ratios", title="milliseconds, medians")
    for label, text in ASKED.items():
        bare = await _timed(rounds, partial(asyncio.to_thread, _bare, url, text))
        times = {
            who: await _timed(rounds, partial(_found, readings, caller, text))
            for who, caller in PEOPLE.items()
        }
        found = [str(await _found(readings, caller, text)) for caller in PEOPLE.values()]
        table.add_row(
            label,
            " / ".join(found),
            *(f"{each:.1f}" for each in times.values()),
            f"{bare:.1f}",
            " / ".join(f"{each / bare:.1f}" for each in times.values()),
        )
    Console(width=120).print(table)
    await readings.close()


async def _timed(rounds: int, ask: Callable[[], Awaitable[int]]) -> float:
    await ask()
    taken: Sequence[float] = [await _once(ask) for _ in range(rounds)]
    return median(taken)


async def _once(ask: Callable[[], Awaitable[int]]) -> float:
    started = time.perf_counter()
    await ask()
    return (time.perf_counter() - started) * 1000


async def _found(readings: Readings, caller: Caller, text: str | None) -> int:
    async def answer(work: Work) -> int:
        found = await search.page(work, PageRequest(50, None, ""), Sought(name=text), dict)
        return len(found.items)

    return await readings.read(caller, Trace("0" * 32, "00", "bench"), answer)


@cache
def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True)


def _bare(url: str, text: str | None) -> int:
    connection = _connected(url)
    if text is None:
        return len(connection.execute(_EVERYBODY).fetchall())
    term = wanted(text)
    return len(connection.execute(_BARE, (pieces_of(term), term)).fetchall())


if __name__ == "__main__":
    typer.run(main)
