"""`make bench`: starts the suite, measures, prints ratios. Two cores are noisy: read the ratios."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.suite import Suite
from tests.benchmarks import memory, revenue
from tests.benchmarks.site import Site

console = Console(width=100)


def main(
    facts: Annotated[int, typer.Option(help="revenue facts that each way takes")] = 30_000,
) -> None:
    """Measure everything in one run and print it."""
    with (
        tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder,
        Suite(Path(folder) / "var", say=lambda line: None, sweeps="manual") as suite,
    ):
        site = Site(suite)
        asyncio.run(_measure(site, facts))


async def _measure(site: Site, facts: int) -> None:
    await site.make_customers_known()
    held = memory.resident_megabytes(site)
    rates = await revenue.measure(site, facts)
    table = Table("what", "measured", "ratio", "aim", title=f"{facts} revenue facts each")
    table.add_row("floor: fetch, one unnest insert of 500, ack", f"{rates.floor:,.0f}/s", "1", "")
    table.add_row(
        "(a) billing's ledger alone",
        f"{rates.billing:,.0f}/s",
        f"{rates.billing / rates.floor:.2f} of the floor",
        "0.4",
    )
    table.add_row(
        "(a) through to tier totals",
        f"{rates.totals:,.0f}/s",
        f"{rates.totals / rates.floor:.2f} of the floor",
        "0.25",
    )
    table.add_row(
        "(d) billing with two workers",
        f"{rates.two_workers:,.0f}/s",
        f"{rates.two_workers / rates.billing:.2f} of one",
        "1.7",
    )
    for name, megabytes in held.items():
        table.add_row(f"(c) {name}, idle", f"{megabytes:.0f} MB", "", "under 120 MB")
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
