"""`make bench`: starts the suite, measures, prints ratios. Two cores are noisy: read the ratios."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.suite import Suite
from tests.benchmarks import memory, payments, reading, revenue
from tests.benchmarks.passes import Pass
from tests.benchmarks.site import Site

Ways = Mapping[str, Sequence[Pass]]
"""Every way by its name, with one pass a round; the floors before what is compared with them."""

PROGRAMS = ("ours", "python", "postgres", "nats")
"""`ours` is the benchmark itself: the floor's loop, and the readers of (b)."""

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
    paid = [await payments.measure(site, facts // 2) for _ in range(rounds)]
    ways = {
        "floor: fetch, one unnest insert of 500, ack": [each.floor for each in passes],
        "(a) billing's ledger alone": [each.billing for each in passes],
        "(a) through to tier totals": [each.totals for each in passes],
        "(d) billing's ledger, two workers": [each.two_workers for each in passes],
        "bare route: the same query, nothing else": [each.bare for each in reads],
        "(b) one customer over HTTP": [each.registry for each in reads],
        "floor: the same with payments": [each.floor for each in paid],
        "(e) payments applied": [each.payments for each in paid],
    }
    console.print(_ratios(ways))
    console.print(_processor_time(ways))
    console.print(_memory(held))


def _ratios(ways: Ways) -> Table:
    table = Table("what", "a second", "ratio", "of", "aim", title="medians of the rounds")
    floor, billing, totals, two_workers, bare, registry, barely_paid, paid = ways
    compared = {
        billing: (floor, "the floor", "0.4"),
        totals: (floor, "the floor", "0.25"),
        two_workers: (billing, "one worker", "1.7"),
        registry: (bare, "a bare route", "0.7"),
        paid: (barely_paid, "its floor", ""),
    }
    for name, passes in ways.items():
        rate = f"{median(each.rate for each in passes):,.0f}"
        if name not in compared:
            table.add_row(name, rate, "1", "", "")
            continue
        with_what, in_words, aim = compared[name]
        pairs = zip(passes, ways[with_what], strict=True)
        ratio = median(ours.rate / theirs.rate for ours, theirs in pairs)
        table.add_row(name, rate, f"{ratio:.2f}", in_words, aim)
    return table


def _processor_time(ways: Ways) -> Table:
    table = Table("what", *PROGRAMS, title="processor time, µs each")
    for name, passes in ways.items():
        figures = (median(each.used.get(program, 0) for each in passes) for program in PROGRAMS)
        table.add_row(name, *(f"{figure:.0f}" for figure in figures))
    return table


def _memory(held: Mapping[str, float]) -> Table:
    table = Table("(c) idle process", "MB", "aim")
    for name, megabytes in held.items():
        table.add_row(name, f"{megabytes:.0f}", "under 120")
    return table


if __name__ == "__main__":
    typer.run(main)
