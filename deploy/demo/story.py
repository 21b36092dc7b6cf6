"""The year in order. Each chapter says what happens; the hands do it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from random import Random

from deploy.demo.founding import Founding
from deploy.demo.grading import MANAGED, SCHEMES, Grading
from deploy.demo.hands import Hands
from deploy.demo.serving import Serving
from deploy.demo.trade import Trade, last_of
from deploy.demo.world import SEED, make_world
from deploy.local.suite import Suite

SYSTEMS = ("erp", "bank", "crm", "callcentre", "hr")
FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2026, 1, 31)

Say = Callable[[str], None]


def play(suite: Suite, say: Say) -> int:
    """Play the year on a started suite; the exit code: 0 when everything agrees."""
    return asyncio.run(_play(suite, say))


async def _play(suite: Suite, say: Say) -> int:
    hands = Hands(suite)
    world = make_world()
    trade = Trade(world, Random(SEED))
    async with hands.opened(SYSTEMS):
        founding = Founding(suite, hands, world)
        await founding.organisation()
        say(f"{len(world.units)} units, {len(world.people)} people")
        keys = await founding.declare()
        say(f"{len(keys)} customers declared, approved, registered")
        grading = Grading(hands, world, keys)
        for month in range(1, 13):
            await hands.tell("erp", "revenue_recorded", trade.revenue(2024, month))
        await hands.tell("erp", "unit_revenue_reported", trade.bureau_revenue(2024))
        await hands.sweep(FIRST_DAY, date(2025, 1, 20))
        say("revenue of 2024 taken, scored on 20 January")
        approved = await grading.approve_tiers(date(2024, 12, 31), date(2025, 1, 21))
        await grading.assign_managers()
        await grading.sign_contracts()
        say(f"{approved} tiers in {len(SCHEMES)} schemes; managers for {MANAGED} customers")
        serving = Serving(hands, world, keys, Random(SEED))
        for month in range(1, 13):
            await hands.tell("erp", "revenue_recorded", trade.revenue(2025, month))
            if month > 1:
                await hands.sweep(FIRST_DAY, date(2025, month, 1))
                await serving.month(2025, month)
            await hands.sweep(FIRST_DAY, last_of(2025, month))
            say(f"2025-{month:02}: {hands.facts} facts, {hands.calls} calls")
    return 0
