"""The state of tiering is a function of the set of facts: not of order, repetition or batches."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.envelope import Enterprise, Published
from shared.contracts.registry import CustomerState, UnitLevel
from shared.messaging.cloudevents import Message
from shared.service import Runtime, Service, runtime
from tests.services.tiering.events import owned, posted, reported_revenue, used
from tests.services.tiering.stories import POST_2005, run
from tests.support import cast
from tests.support.clocks import SetClock
from tests.support.databases import Databases, settings_of
from tests.support.facts import published, reported

HUIZHOU = cast.Unit("HZ", "惠州市邮政局大客户中心", "GD", UnitLevel.CITY, "territorial", "441300")
NEWCOMER = cast.Customer("C-9001", "惠州仲恺照明有限公司", "HZ", "441300")
_TABLES = {
    "totals": "customer_key, month, business_line, unit, amount, postings",
    "postings": "posting_id, version, customer_key, occurred_on, business_line, shares",
    "unit_revenue": "system, ref, unit, business_line, year, amount, reported_on",
    "usage": "system, ref, customer_key, metric, period, value, net, reverses_ref",
    "owners": "customer_key, version, unit, effective_on",
    "scores": "score_id, version, raw, tier, inputs, explanation",
    "kit.waiting": "kind, key, ref",
}


def story() -> list[Message]:
    """What other services and systems tell tiering, in the order in which it happened."""
    declared = replace(NEWCOMER, state=CustomerState.DECLARED)
    approved = replace(NEWCOMER, state=CustomerState.APPROVED).changed()
    newer = approved.model_copy(
        update={"entity": approved.entity.model_copy(update={"version": 2})}
    )
    facts: list[Published | Enterprise] = [
        HUIZHOU.changed(),
        declared.changed(),
        newer,
        owned(NEWCOMER, "HZ"),
        owned(cast.ELECTRONICS, "GZ-TH"),
        owned(cast.ELECTRONICS, "SZ", version=2, on=date(2025, 9, 1)),
        owned(cast.INSURER),
        reported_revenue("UR-1", "400000000.00", on=date(2026, 1, 5)),
        reported_revenue("UR-2", "410000000.00", on=date(2026, 1, 9)),
        reported_revenue("UR-3", "90000000.00", unit="HZ"),
        reported_revenue("UR-4", "1.00", unit="nowhere"),
        used("U-1", NEWCOMER, "300"),
        used("U-2", NEWCOMER, "-100", reverses="U-1"),
        used("U-3", NEWCOMER, "-5", reverses="U-none"),
    ]
    for number in range(30):
        customer = (cast.ELECTRONICS, cast.INSURER, NEWCOMER)[number % 3]
        on = date(2025, 1 + number % 12, 9)
        for version in range(1, 2 + number % 3):
            amount = f"{1000 * number + version}.25"
            shares = {"GZ": amount} if version % 2 else {"GZ": "0.25", "HZ": amount[:-3] + ".00"}
            facts.append(
                posted(number, customer.key, amount, on=on, version=version, shares=shares)
            )
    return [_message(number, fact) for number, fact in enumerate(facts)]


def _message(number: int, fact: Published | Enterprise) -> Message:
    if isinstance(fact, Published):
        return published(fact).message
    return reported(fact, id=f"event-{number}").message


async def state_after(
    service: Service, databases: Databases, clock: SetClock, batches: list[list[Message]]
) -> dict[str, list[Any]]:
    """What is stored after the batches and a scoring, on a database of its own."""
    with databases.copy(service) as url:
        async with runtime(service, settings_of(service, url), "tests", clock) as process:
            for batch in batches:
                await process.receiver.receive(batch)
            return await _state(process)


async def _state(process: Runtime) -> dict[str, list[Any]]:
    async with process.works.begin() as work:
        await run(work, POST_2005)
        return {
            table: [
                tuple(row.values())
                for row in await work.rows(f"SELECT {columns} FROM {table} ORDER BY {columns}")
            ]
            for table, columns in _TABLES.items()
        }


@pytest.mark.parametrize("seed", range(5))
async def test_any_order_repetition_and_batching_ends_in_the_same_state(
    service: Service, databases: Databases, clock: SetClock, seed: int
) -> None:
    await databases.template(service)
    chance = random.Random(seed)
    facts = story()
    in_order = await state_after(service, databases, clock, [facts])

    shuffled = facts + chance.sample(facts, 20)
    chance.shuffle(shuffled)
    size = chance.choice((1, 3, 10, len(shuffled)))
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    other = await state_after(service, databases, clock, batches)

    assert other == in_order
    assert len(in_order["kit.waiting"]) == 2
    assert len(in_order["totals"]) == 16
