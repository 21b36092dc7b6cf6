"""(e): payments through billing, each applied to the charges it names or to what is due first."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.facts import raised_charges, received_payments
from tests.benchmarks.floor import take_barely
from tests.benchmarks.passes import Pass, Start
from tests.benchmarks.site import Site


@dataclass(frozen=True, slots=True)
class Round:
    """Every way once, one right after the other."""

    floor: Pass
    payments: Pass


async def measure(site: Site, number: int) -> Round:
    """`number` payments of charges that are in the books, against the same taken by the floor.

    Four of five name their charge, the others pay what is due first. Done when the receivables and
    applications are on the bus and acknowledged.
    """
    site.run_only()
    first = site.next_ref
    site.next_ref += number
    await site.send("bank", received_payments(first, number))
    floor = await take_barely(site, number)
    first = site.next_ref
    site.next_ref += number
    site.run_only("billing-worker")
    await site.send("erp", raised_charges(first, number))
    await site.drained("billing")
    async with site.paused("ENTERPRISE", "billing"):
        await site.send("bank", received_payments(first, number))
        start = Start.now()
    return Round(floor, start.passed(number, await site.drained("billing")))
