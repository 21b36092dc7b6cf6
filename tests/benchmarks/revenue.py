"""(a) and (d): revenue through billing's ledger, and on to tiering's totals."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.benchmarks.facts import revenue_rows
from tests.benchmarks.floor import floor_rate
from tests.benchmarks.site import Site


@dataclass(frozen=True, slots=True)
class Rates:
    """Facts a second."""

    floor: float
    billing: float
    totals: float
    two_workers: float


async def measure(site: Site, number: int) -> Rates:
    """Every way takes `number` facts of its own that are in the stream before it starts.

    Workers are up and idle with billing's durable paused while facts are loaded; time counts from
    its resumption. Billing is done when its facts are on the bus and acknowledged, the totals when
    tiering has nothing left either. The floor is the middle of three runs among the others.
    """
    site.stop("tiering-worker")
    floors = [await _floor(site, number)]
    billing = await _rate(site, number, "billing")
    floors.append(await _floor(site, number))
    site.launch_second_worker("billing")
    two_workers = await _rate(site, number, "billing")
    site.stop_second_worker()
    site.start("tiering", "worker")
    await site.drained("tiering")
    totals = await _rate(site, number, "billing", "tiering")
    floors.append(await _floor(site, number))
    return Rates(sorted(floors)[1], billing, totals, two_workers)


async def _load(site: Site, number: int) -> None:
    await site.send("erp", revenue_rows(site.next_ref, number))
    site.next_ref += number


async def _floor(site: Site, number: int) -> float:
    site.stop("billing-worker")
    await _load(site, number)
    rate = await floor_rate(site, number)
    site.start("billing", "worker")
    return rate


async def _rate(site: Site, number: int, *services: str) -> float:
    async with site.paused("ENTERPRISE", "billing"):
        await _load(site, number)
    begun = time.perf_counter()
    ended = begun
    for service in services:
        ended = max(ended, await site.drained(service))
    return number / (ended - begun)
