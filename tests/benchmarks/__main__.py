"""`make bench`: starts the suite, measures, prints ratios. Two cores are noisy: read the ratios."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.suite import Suite
from tests.benchmarks import memory, reading, revenue
from tests.benchmarks.passes import Pass
from tests.benchmarks.reading import Reads
from tests.benchmarks.revenue import Round
from tests.benchmarks.site import Site

console = Console(width=100)


def main(
    facts: Annotated[int, typer.Option(help="revenue facts that each way takes")] = 20_000,
    rounds: Annotated[int, typer.Option(help="how often; medians are printed")] = 3,
    seconds: Annotated[float, typer.Option(help="how long each reader reads")] = 4.0,
) -> None:
    """Measure everything in one run and print it."""
    with (
        tempfile.TemporaryDirectory(prefix="dakehu-bench-", dir="/tmp") as folder,
        Suite(
            Path(folder) / "var", say=lambda line: None, sweeps="manual", first_port=None
        ) as suite,
    ):
        asyncio.run(_measure(Site(suite), facts, rounds, seconds))


async def _measure(site: Site, facts: int, rounds: int, seconds: float) -> None:
    held = memory.resident_megabytes(site)
    await site.found()
    reads = await reading.measure(site, seconds, rounds)
    passes = [await revenue.measure(site, facts) for _ in range(rounds)]
    console.print(_ratios(passes, reads, held))
    console.print(_processor_time(passes))


def _ratios(passes: Sequence[Round], reads: Sequence[Reads], held: dict[str, float]) -> Table:
    table = Table("what", "measured", "ratio", "aim", title="each against its floor, medians")
    floor = [each.floor.rate for each in passes]
    billing = [each.billing.rate for each in passes]
    totals = [each.totals.rate for each in passes]
    two_workers = [each.two_workers.rate for each in passes]
    bare = [each.bare for each in reads]
    registry = [each.registry for each in reads]
    table.add_row("floor: fetch, one unnest insert of 500, ack", _per_second(floor), "1", "")
    for what, ours, theirs, aim in (
        ("(a) billing's ledger alone", billing, floor, "0.4"),
        ("(a) through to tier totals", totals, floor, "0.25"),
        ("(b) one customer over HTTP, of a bare route", registry, bare, "0.7"),
        ("(d) billing with two workers, of one", two_workers, billing, "1.7"),
    ):
        ratio = median(our / their for our, their in zip(ours, theirs, strict=True))
        table.add_row(what, _per_second(ours), f"{ratio:.2f}", aim)
    for name, megabytes in held.items():
        table.add_row(f"(c) {name}, idle", f"{megabytes:.0f} MB", "", "under 120 MB")
    return table


def _processor_time(passes: Sequence[Round]) -> Table:
    programs = ("floor", "python", "postgres", "nats")
    table = Table("what", *programs, title="processor time, µs a fact")
    ways: dict[str, list[Pass]] = {
        "floor": [each.floor for each in passes],
        "billing": [each.billing for each in passes],
        "two workers": [each.two_workers for each in passes],
        "to tier totals": [each.totals for each in passes],
    }
    for name, taken in ways.items():
        figures = (median(each.used.get(program, 0) for each in taken) for program in programs)
        table.add_row(name, *(f"{figure:.0f}" for figure in figures))
    return table


def _per_second(rates: Sequence[float]) -> str:
    return f"{median(rates):,.0f}/s"


if __name__ == "__main__":
    typer.run(main)
