"""The year in order. Each chapter says what happens; the hands do it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date
from random import Random

from rich.console import Console

from deploy.demo import tables
from deploy.demo.founding import Founding
from deploy.demo.grading import MANAGED, SCHEMES, Grading
from deploy.demo.hands import Hands
from deploy.demo.money import Money
from deploy.demo.result import Result, collect
from deploy.demo.serving import Serving
from deploy.demo.trade import Trade, last_of
from deploy.demo.world import SEED, World, make_world
from deploy.local.suite import Suite

SYSTEMS = ("erp", "bank", "crm", "callcentre", "hr")
BEFORE, YEAR = 2024, 2025
FIRST_DAY, LAST_DAY = date(YEAR, 1, 1), date(YEAR + 1, 1, 31)
DEPOSITS_IN, DISPUTE_IN = 3, 6

Say = Callable[[str], None]


def play(suite: Suite, say: Say) -> int:
    """Play the year on a started suite; the exit code: 0 when everything agrees."""
    result = asyncio.run(_play(suite, say))
    report = suite.var / "report.json"
    report.write_text(json.dumps(result.figures, ensure_ascii=False, indent=2), encoding="utf-8")
    tables.show(result.figures, Console())
    for line in result.disagreements:
        say(f"不一致 / does not agree: {line}")
    if not result.disagreements:
        say("账已平，四个服务的合计一致 / the books balance and every service agrees")
    say(f"{report}")
    return 1 if result.disagreements else 0


async def _play(suite: Suite, say: Say) -> Result:
    hands, world = Hands(suite), make_world()
    async with hands.opened(SYSTEMS):
        founding = Founding(suite, hands, world)
        await founding.organisation()
        say(f"{len(world.units)} 个单位 units，{len(world.people)} 人 people")
        keys = await founding.declare()
        say(f"{len(keys)} 个客户已申报、核准、注册 / customers declared, approved, registered")
        await _year(hands, world, keys, say)
        say(f"{hands.facts} 条事实 facts，{hands.calls} 次调用 calls")
        return await collect(hands, world, FIRST_DAY, LAST_DAY)


async def _year(hands: Hands, world: World, keys: dict[str, str], say: Say) -> None:
    trade = Trade(world, Random(SEED))
    grading = Grading(hands, world, keys)
    serving = Serving(hands, world, keys, Random(SEED))
    money = Money.of_the_year(hands, world, keys, trade, YEAR)
    for month in range(1, 13):
        await hands.tell("erp", "revenue_recorded", trade.revenue(BEFORE, month))
    await _grade(hands, grading, trade, BEFORE, say)
    await grading.assign_managers()
    await grading.sign_contracts()
    say(f"{MANAGED} 个客户有 A、B 角 / managers named, contracts signed")
    for month in range(1, 13):
        first, last = date(YEAR, month, 1), last_of(YEAR, month)
        await hands.tell("erp", "revenue_recorded", trade.revenue(YEAR, month))
        await money.between(first, last)
        if month == DEPOSITS_IN:
            await hands.settle()
            await money.deposits()
        if month == DISPUTE_IN:
            await hands.settle()
            await grading.dispute(date(YEAR, 6, 3), date(YEAR, 6, 20), FIRST_DAY)
            say("归属争议已裁决，收入已重述 / dispute ruled, revenue re-stated")
        await hands.sweep(FIRST_DAY, max(first, date(YEAR, 1, 22)))
        if month > 1:
            await serving.month(YEAR, month)
        await hands.sweep(FIRST_DAY, last)
        say(f"{YEAR}-{month:02}")
    await money.between(date(YEAR + 1, 1, 1), LAST_DAY)
    await _grade(hands, grading, trade, YEAR, say)
    await hands.sweep(FIRST_DAY, LAST_DAY)


async def _grade(hands: Hands, grading: Grading, trade: Trade, year: int, say: Say) -> None:
    """The bureaus report the year, the sweep of 20 January scores it, the directors approve."""
    await hands.tell("erp", "unit_revenue_reported", trade.bureau_revenue(year))
    await hands.sweep(FIRST_DAY, date(year + 1, 1, 20))
    approved = await grading.approve_tiers(date(year, 12, 31), date(year + 1, 1, 21))
    say(f"{year}: {approved} 项等级变动获批 / changes in {len(SCHEMES)} schemes approved")
