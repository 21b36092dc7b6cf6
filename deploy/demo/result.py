"""What a manager would want to see after a year, and whether every service agrees on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from deploy.demo.grading import SCHEMES
from deploy.demo.hands import Hands
from deploy.demo.world import World
from deploy.local.suite import SERVICES

FROM, UNTIL = "2024-01-01", "2026-01-31"
_FIGURES = ("base", "increment", "amount", "before_amount")


@dataclass(slots=True)
class Result:
    """The figures of the report, as `report.json` holds them, and what does not agree."""

    figures: dict[str, Any] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)


async def collect(hands: Hands, world: World, first: date, last: date) -> Result:
    """Read the reports of all four services over HTTP as the province's director."""
    director = world.staff("GD", "director")[0]

    async def read(service: str, path: str, **query: Any) -> Any:
        return await hands.call(director, service, "GET", path, None, **query)

    async def items(service: str, path: str, **query: Any) -> list[Any]:
        return await hands.pages(director, service, path, **query)

    result = Result()
    figures = result.figures
    figures["owners"] = await items("registry", "/reports/owners")
    figures["tiers"] = {
        scheme: (await read("tiering", "/tiers/distribution", scheme=scheme, on=last))["tiers"]
        for scheme in SCHEMES
    }
    figures["movers"] = {
        scheme: dict(
            Counter(
                mover["direction"]
                for mover in await items(
                    "tiering", "/tiers/movers", scheme=scheme, from_on=date(2025, 2, 1), to_on=last
                )
            )
        )
        for scheme in SCHEMES
    }
    figures["obligations"] = await items(
        "engagement", "/reports/obligations", from_on=first, to_on=last, on=last
    )
    figures["complaints"] = await items("engagement", "/reports/complaint-ageing")
    figures["breaches"] = len(await items("engagement", "/reports/complaint-breaches"))
    figures["expenses"] = dict(
        Counter(expense["state"] for expense in await items("engagement", "/expenses"))
    )
    figures["deposits"] = dict(
        Counter(deposit["state"] for deposit in await items("billing", "/deposits"))
    )
    ageing = await read("billing", "/ageing", on=last)
    figures["ageing"] = {bucket["bucket"]: bucket["balance"] for bucket in ageing["buckets"]}
    figures["late_fees"] = str(
        sum(Decimal(fee["amount"]) for fee in await items("billing", "/late-fees"))
    )
    figures["trial_balance"] = (await read("billing", "/ledger/trial-balance"))["accounts"]
    figures["unit_revenue"] = {
        row["unit"]: row["amount"]
        for row in await items("billing", "/revenue", from_on=FROM, until_on=UNTIL, by="unit")
    }
    figures |= await _of_the_books(read, last)
    await _check(result, read, items)
    operator = world.staff("GD", "operator")[0]
    for service in SERVICES:
        for held in ("/dead-letters", "/waiting"):
            if number := len(await hands.pages(operator, service, held)):
                result.disagreements.append(f"{service} holds {number} in {held}")
    return result


async def _of_the_books(read: Any, last: date) -> dict[str, Any]:
    """Revenue of 2025 by the rule that shares it, beside the year before, and days late."""
    year = {"from_on": "2025-01-01", "until_on": "2025-12-31", "compare": "year-before"}
    by_rule = await read("billing", "/revenue", by="rule", **year)
    late = (await read("billing", "/reports/days-late", on=last))["all"]
    return {
        "revenue_2025_by_rule": {
            row["rule"]: {
                name: row[name] for name in ("base", "increment", "amount", "before_amount")
            }
            for row in by_rule["items"]
        },
        "days_late": {
            name: late[name] for name in ("weighted_days_late", "max_days_late", "overdue")
        },
    }


async def _check(result: Result, read: Any, items: Any) -> None:
    """The books balance, and what one service publishes is what the others hold."""

    def agree(what: str, one: Any, other: Any) -> None:
        if one != other:
            result.disagreements.append(f"{what}: {one} != {other}")

    trial = await read("billing", "/ledger/trial-balance")
    agree("trial balance", trial["balance"], "0.00")
    accounts = {row["account"]: Decimal(row["balance"]) for row in trial["accounts"]}
    by_unit = {unit: Decimal(amount) for unit, amount in result.figures["unit_revenue"].items()}
    agree("revenue by unit and the ledger", sum(by_unit.values()), -accounts["revenue"])
    ageing = await read("billing", "/ageing")
    agree("ageing and the ledger", Decimal(ageing["balance"]), accounts["receivable"])
    totals = {
        row["key"]: Decimal(row["amount"])
        for row in await items("tiering", "/totals/summary", by="unit")
    }
    agree("revenue by unit in billing and tiering", by_unit, totals)
