"""(a) and (d): revenue through billing's ledger, and on to tiering's totals."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.facts import recorded_revenue
from tests.benchmarks.floor import take_barely
from tests.benchmarks.passes import Pass, Start
from tests.benchmarks.site import Site

_WARMING_UP = 3_000


@dataclass(frozen=True, slots=True)
class Round:
    """Every way once, one right after the other."""

    floor: Pass
    billing: Pass
    two_workers: Pass
    totals: Pass


async def measure(site: Site, number: int) -> Round:
    """Each way takes `number` facts of its own that are in the stream before it starts.

    Only the processes that a way needs run meanwhile. Billing is done when its facts are on the bus
    and acknowledged, the totals when tiering has nothing left either.
    """
    site.run_only()
    await _load(site, number)
    floor = await take_barely(site, number)
    site.run_only("billing-worker")
    billing = await _pass(site, number, "billing")
    async with site.second_worker("billing"):
        two_workers = await _pass(site, number, "billing")
    site.run_only("billing-worker", "tiering-worker")
    totals = await _pass(site, number, "billing", "tiering")
    return Round(floor, billing, two_workers, totals)


async def _pass(site: Site, number: int, *services: str) -> Pass:
    await _load(site, _WARMING_UP)
    for service in services:
        await site.drained(service)
    async with site.paused("ENTERPRISE", "billing"):
        await _load(site, number)
        start = Start.now()
    ended = max([await site.drained(service) for service in services])
    return start.passed(number, ended)


async def _load(site: Site, number: int) -> None:
    await site.send("erp", recorded_revenue(site.next_ref, number))
    site.next_ref += number
