"""`python -m tests.benchmarks.ledger`: how fast the journal takes what is posted.

Against pgbench's built-in transaction (TPC-B: three updates, a question, an insert) on the same
server, with as many clients. A posting of ours is the journal of a charge, two lines, with its
balances and the rules of the books, in a unit of work of its own; or five hundred of them in one,
as facts come in.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.binaries import postgres_binaries
from deploy.local.servers import EmbeddedPostgres
from services.billing.app import SERVICE
from services.billing.domain.books.accounts import Account
from services.billing.domain.books.journal import Journal, JournalKind, Line
from services.billing.settings import Settings
from services.billing.storage.books import journal
from shared.crypto import new_key
from shared.identifiers import derived_id, new_id
from shared.migrations.run import upgrade
from shared.service import Runtime, runtime

_SCALE = 10
"""pgbench's: a million accounts, a hundred tellers, ten branches."""
_CUSTOMERS = 1000
_BATCH = 500
_TRANSACTIONS = re.compile(r"tps = ([0-9.]+)")


def main(
    seconds: Annotated[int, typer.Option(help="how long each way is measured")] = 10,
    clients: Annotated[int, typer.Option(help="how many at a time")] = 4,
) -> None:
    """Measure one after the other on a durable server, print."""
    with tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        try:
            server.provide("billing", "bench")
            settings = Settings.model_validate(
                {
                    "database_url": server.url("billing", "billing", "bench"),
                    "nats_url": "nats://127.0.0.1:1",
                    "nats_password": "none",
                    "data_keys": new_key(),
                    "database_pool": clients,
                }
            )
            upgrade(settings.sqlalchemy_url, SERVICE.package)
            pgbench(server, "-i", "-q", "-s", str(_SCALE))
            table = Table("what", "clients", "a second", "of pgbench's transactions")
            for number in sorted({1, clients}):
                asyncio.run(_measure(table, server, settings, seconds, number))
            Console(width=100).print(table)
        finally:
            server.stop()


def pgbench(server: EmbeddedPostgres, *options: str) -> str:
    """What PostgreSQL's own benchmark says."""
    done = subprocess.run(
        [postgres_binaries(18) / "pgbench", *options, server.url()],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


async def _measure(
    table: Table, server: EmbeddedPostgres, settings: Settings, seconds: int, clients: int
) -> None:
    asked = "-n", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds)
    said = _TRANSACTIONS.search(await asyncio.to_thread(pgbench, server, *asked))
    assert said is not None, "pgbench says how many transactions a second"
    theirs = float(said[1])
    table.add_row("pgbench's built-in transaction", str(clients), f"{theirs:,.0f}", "1")
    async with runtime(SERVICE, settings, "benchmark") as held:
        for what, batch in (("a journal in a transaction", 1), (f"{_BATCH} in one", _BATCH)):
            ours = await _rate(held, seconds, clients, batch)
            table.add_row(what, str(clients), f"{ours:,.0f}", f"{ours / theirs:.2f}")


async def _rate(held: Runtime, seconds: int, clients: int, batch: int) -> float:
    """Journals a second, `batch` in a transaction; no two clients post for the same customer."""
    started = time.perf_counter()
    ends = started + seconds
    posted = await asyncio.gather(
        *(_post(held, ends, batch, client, clients) for client in range(clients))
    )
    return sum(posted) / (time.perf_counter() - started)


async def _post(held: Runtime, ends: float, batch: int, client: int, clients: int) -> int:
    posted = client
    while time.perf_counter() < ends:
        journals = [_charge(posted + number * clients) for number in range(batch)]
        async with held.works.begin() as work:
            await journal.post(work, journals)
        posted += batch * clients
    return (posted - client) // clients


def _charge(number: int) -> Journal:
    """Dr receivable, Cr billed clearing and output VAT."""
    customer_key = _KEYS[number % _CUSTOMERS]
    item_id, on = new_id(), date(2026, 1, 15)
    parts = (Account.BILLED_CLEARING, Decimal("100.00")), (Account.OUTPUT_VAT, Decimal("6.00"))
    lines = tuple(
        Line(Account.RECEIVABLE, credit, amount, on, customer_key, item_id=item_id)
        for credit, amount in parts
    )
    at = datetime(2026, 1, 15, tzinfo=UTC)
    return Journal(new_id(), JournalKind.CHARGE, item_id, at, lines)


_KEYS: Sequence[UUID] = [derived_id("customer", number) for number in range(_CUSTOMERS)]


if __name__ == "__main__":
    typer.run(main)
