"""Engagement's story: what is owed to customers, visits by anybody, complaints and their clocks."""

from __future__ import annotations

from datetime import date

from services.engagement.sweeps import SWEEPS
from shared.contracts.envelope import Entity, Event
from shared.contracts.registry import CustomerIdentityChanged
from shared.messaging.cloudevents import Message
from shared.work import Works
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
from tests.support.cast import (
    COUNTY_MANAGER,
    ELECTRONICS,
    INSURER,
    MANAGER_A,
    SHIPAI,
    SOFTWARE,
    Customer,
)
from tests.support.retelling import Chapter, Decide, message_of

NEWCOMER = Customer("K-1", "广州新客户有限公司", "GZ", "440106", "44010600009000")
STRANGER = Customer("K-2", "从未申报的客户", "GZ", "440106")
PROVINCIAL = "guangdong-post-2005"

QUERIES = {
    "obligations": """
        SELECT customer_key, code, first_on, due_on, state, visit_ids, met_on, tier, unit,
            manager_a, manager_b, holder
        FROM obligations WHERE state <> 'withdrawn'""",
    "missed": """
        SELECT customer_key, code, first_on, as_of FROM obligation_decisions
        WHERE kind = 'missed'""",
    "visits": """
        SELECT visit_id, customer_key, visited_on, unit, roles, is_too_early, expense
        FROM visits""",
    "checks": "SELECT visit_id, due_on, is_provisional FROM verifications",
    "expenses": "SELECT visit_id, claimant, amount, state FROM expenses",
    "complaints": """
        SELECT complaint_id, customer_key, state, level, tier, closed_at FROM complaints""",
    "clocks": "SELECT complaint_id, round, stage, due_at, stopped_at FROM complaint_clocks",
    "breaches": """
        SELECT DISTINCT ON (complaint_id, round, stage) complaint_id, round, stage, is_withdrawn
        FROM complaint_breaches ORDER BY complaint_id, round, stage, version DESC""",
    "accounts": "SELECT customer_key, root, wake_on, tier, gap FROM accounts",
    "fates": "SELECT system, type, ref, state, reason ->> 'code' FROM kit.fates",
    "waiting": "SELECT DISTINCT kind, key, ref FROM kit.waiting",
    "letters": "SELECT ref, code FROM kit.dead_letters",
}


def story() -> list[Chapter]:
    """A January with its duties; what is learned late; a February."""
    return [
        Chapter([], _sweep_on(date(2025, 1, 1))),
        Chapter(_told(_JANUARY), _sweep_on(date(2025, 1, 20), date(2025, 2, 3))),
        Chapter(_told(_LATE), _sweep_on(date(2025, 2, 10))),
    ]


def _told(events: list[Event]) -> list[Message]:
    return [message_of(event) for event in events]


def _merged(version: int, survivor: Customer | None) -> CustomerIdentityChanged:
    return CustomerIdentityChanged(
        entity=Entity(type="identity", id=str(INSURER.key), version=version),
        customer_key=INSURER.key,
        survivor=survivor.key if survivor else None,
        on=date(2025, 1, 10),
    )


_JANUARY: list[Event] = [
    NEWCOMER.changed(),
    classed(ELECTRONICS, "comprehensive"),
    classed(ELECTRONICS, "specialty", version=3),
    classed(ELECTRONICS, "comprehensive", version=4),
    tiered(ELECTRONICS, "gold"),
    tiered(ELECTRONICS, "vip", date(2025, 1, 15), version=2),
    tiered(ELECTRONICS, "diamond", scheme=PROVINCIAL),
    owned(ELECTRONICS),
    owned(ELECTRONICS, "GZ-PY", date(2025, 1, 25), version=2),
    managed(ELECTRONICS),
    tiered(INSURER, "gold"),
    _merged(1, ELECTRONICS),
    classed(SOFTWARE, "comprehensive"),
    tiered(SOFTWARE, "gold"),
    managed(SOFTWARE),
    owned(SOFTWARE),
    tiered(NEWCOMER, "vip"),
    moved(MANAGER_A, SHIPAI.code, date(2025, 1, 12)),
    visited("V-1", ELECTRONICS, date(2025, 1, 6), MANAGER_A),
    visited("V-2", INSURER, date(2025, 1, 13), MANAGER_A),
    visited("V-3", NEWCOMER, date(2025, 1, 8), COUNTY_MANAGER),
    visited("V-4", ELECTRONICS, date(2025, 1, 7), COUNTY_MANAGER, expense="80.00"),
    visited("V-5", STRANGER, date(2025, 1, 7), COUNTY_MANAGER),
    visited("V-6", SOFTWARE, date(2025, 1, 9), COUNTY_MANAGER),
    visited("V-7", SOFTWARE, date(2025, 1, 10), COUNTY_MANAGER),
    complained("K-1", at(date(2025, 1, 6)), ELECTRONICS),
    complained("K-2", at(date(2025, 1, 6)), NEWCOMER),
    closed("K-2", at(date(2025, 1, 7))),
    complained("K-3", at(date(2025, 1, 8))),
    closed("K-9", at(date(2025, 1, 7))),
]

_LATE: list[Event] = [
    visited("V-8", ELECTRONICS, date(2025, 1, 17), COUNTY_MANAGER),
    visited("V-9", NEWCOMER, date(2025, 1, 30), COUNTY_MANAGER),
    closed("K-1", at(date(2025, 1, 6), 11)),
    tiered(ELECTRONICS, "gold", date(2025, 1, 28), version=3),
    _merged(2, None),
    managed(SOFTWARE, a=MANAGER_A, on=date(2025, 1, 8), version=2),
    complained("K-9", at(date(2025, 1, 6)), SOFTWARE),
]


def _sweep_on(*days: date) -> Decide:
    async def sweep(works: Works) -> None:
        for day in days:
            for each in SWEEPS:
                async with works.begin(today=day) as work:
                    await each.handler(work, day)

    return sweep
