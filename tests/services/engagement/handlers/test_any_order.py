"""The same facts in any order, split into any batches and repeated, give the same state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, cast

import pytest

from services.engagement.consumers import CONSUMERS
from shared.contracts.envelope import Enterprise, Entity, Event, Published
from shared.contracts.registry import CustomerChanged, CustomerIdentityChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.services.engagement.events import (
    at,
    classed,
    closed,
    complained,
    managed,
    moved,
    owned,
    tiered,
    visited,
)
from tests.services.engagement.stories import sweep
from tests.support.cast import (
    COUNTY_MANAGER,
    ELECTRONICS,
    INSURER,
    MANAGER_A,
    SHIPAI,
    Customer,
)
from tests.support.facts import published, reported

NEWCOMER = Customer("C-7001", "广州新客贸易有限公司", "GZ", "440106", "44010600009000")
PROVINCIAL = "guangdong-post-2005"
SWEPT = (date(2025, 1, 20), date(2025, 2, 3))


def merged() -> CustomerIdentityChanged:
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=1),
        customer_key=INSURER.key,
        survivor=ELECTRONICS.key,
        on=date(2025, 1, 10),
    )


def arrived() -> CustomerChanged:
    return NEWCOMER.changed()


EARLY: list[Published | Enterprise] = [
    classed(ELECTRONICS, "comprehensive"),
    tiered(ELECTRONICS, "gold"),
    tiered(ELECTRONICS, "vip", date(2025, 1, 15), version=2),
    tiered(ELECTRONICS, "diamond", scheme=PROVINCIAL),
    owned(ELECTRONICS),
    owned(ELECTRONICS, "GZ-PY", date(2025, 1, 25), version=2),
    managed(ELECTRONICS),
    tiered(INSURER, "gold"),
    merged(),
    arrived(),
    tiered(NEWCOMER, "vip"),
    moved(MANAGER_A, SHIPAI.code, date(2025, 1, 12)),
    visited("V1", ELECTRONICS, date(2025, 1, 6), MANAGER_A),
    visited("V2", INSURER, date(2025, 1, 13), MANAGER_A),
    visited("V3", NEWCOMER, date(2025, 1, 8), COUNTY_MANAGER),
    visited("V4", ELECTRONICS, date(2025, 1, 7), COUNTY_MANAGER, expense="80.00"),
    complained("K1", at(date(2025, 1, 6)), ELECTRONICS),
    complained("K2", at(date(2025, 1, 6)), NEWCOMER),
    closed("K2", at(date(2025, 1, 7))),
]
LATE: list[Published | Enterprise] = [
    visited("V5", ELECTRONICS, date(2025, 1, 17), COUNTY_MANAGER),
    visited("V6", NEWCOMER, date(2025, 1, 30), COUNTY_MANAGER),
    closed("K1", at(date(2025, 1, 6), 11)),
    tiered(ELECTRONICS, "gold", date(2025, 1, 28), version=3),
]


async def deliver(
    work: Work, events: Sequence[Published | Enterprise], random: Random | None
) -> None:
    """Deliver in batches of some size, as a worker would; shuffled, and ours twice, if `random`."""
    pending = list(events)
    if random is not None:
        pending += [event for event in events if isinstance(event, Published)]
        random.shuffle(pending)
    while pending:
        size = random.randint(1, 6) if random is not None else 1
        batch, pending = pending[:size], pending[size:]
        await CONSUMERS.dispatch(work, [_fact(work, event) for event in batch])
        await work.finish()


def _fact(work: Work, event: Published | Enterprise) -> Fact[Event]:
    fact = published(event) if isinstance(event, Published) else reported(event, at=work.now)
    return cast("Fact[Event]", fact)


async def state(work: Work) -> dict[str, list[Any]]:
    """Everything derived, without what counts changes or tells when a row was written."""
    queries = {
        "obligations": "SELECT customer_key, code, first_on, state, visit_ids, met_on, tier, unit,"
        " manager_a, holder FROM obligations WHERE state <> 'withdrawn' ORDER BY 1, 2, 3",
        "missed": "SELECT customer_key, code, first_on, as_of FROM obligation_decisions"
        " WHERE kind = 'missed' ORDER BY 1, 2, 3",
        "visits": "SELECT visit_id, customer_key, unit, roles, is_too_early FROM visits ORDER BY 1",
        "checks": "SELECT visit_id, due_on FROM verifications ORDER BY 1",
        "complaints": "SELECT complaint_id, state, level, tier, closed_at FROM complaints"
        " ORDER BY 1",
        "clocks": "SELECT complaint_id, stage, due_at, stopped_at FROM complaint_clocks"
        " ORDER BY 1, 2",
        "breaches": "SELECT DISTINCT ON (complaint_id, stage) complaint_id, stage, is_withdrawn"
        " FROM complaint_breaches ORDER BY complaint_id, stage, version DESC",
        "waiting": "SELECT kind, key FROM kit.waiting",
        "accounts": "SELECT customer_key, root, wake_on, gap FROM accounts ORDER BY 1",
    }
    return {
        name: [tuple(row.values()) for row in await work.rows(query)]
        for name, query in queries.items()
    }


async def story(work: Work, seed: int | None) -> dict[str, list[Any]]:
    """Facts, sweeps, late facts, sweeps; undone afterwards. No seed: in the order written."""
    random = Random(seed) if seed is not None else None
    undo = await work.connection.begin_nested()
    await sweep(work, date(2025, 1, 1))
    await deliver(work, EARLY, random)
    await sweep(work, *SWEPT)
    await deliver(work, LATE, random)
    await sweep(work, date(2025, 2, 10))
    found = await state(work)
    await undo.rollback()
    work._collected.published.clear()
    return found


@pytest.mark.parametrize("seed", range(8))
async def test_a_shuffled_story_ends_as_the_straight_one(work: Work, seed: int) -> None:
    straight = await story(work, None)
    shuffled = await story(work, seed)
    assert straight["waiting"] == []
    assert len(straight["obligations"]) >= 5
    for name, rows in straight.items():
        assert shuffled[name] == rows, name
