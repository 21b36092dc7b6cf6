"""What happens to engagement in tests: facts dispatched as a worker would, dates swept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from services.engagement.consumers import CONSUMERS
from services.engagement.sweeps import SWEEPS
from shared.auth import Caller
from shared.contracts.envelope import Enterprise, Event, Published
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.services.engagement.events import classed, managed, owned, tiered
from tests.support.cast import Customer, Person
from tests.support.facts import published, reported, said


async def hear(work: Work, *events: Published) -> None:
    """Facts of the other services, in one batch."""
    facts = [cast("Fact[Event]", published(event)) for event in events]
    await CONSUMERS.dispatch(work, facts)


async def receive(work: Work, *events: Enterprise, system: str = "erp") -> None:
    """Facts of another system, in one batch, sent now."""
    facts = [cast("Fact[Event]", reported(e, system=system, at=work.now)) for e in events]
    await CONSUMERS.dispatch(work, facts)


async def sweep(work: Work, *days: date) -> None:
    """Perform every sweep for these business dates."""
    today = work.today
    for day in days:
        work.today = day
        for each in SWEEPS:
            await each.handler(work, day)
    work.today = today


async def sweep_through(work: Work, first: date, last: date) -> None:
    """Perform every sweep for every business date from `first` to `last`."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    await sweep(work, *days)


async def comprehensive_gold(work: Work, customer: Customer) -> None:
    """Make the customer comprehensive gold since long ago, with owner and managers."""
    await hear(
        work,
        classed(customer, "comprehensive"),
        tiered(customer, "gold"),
        owned(customer),
        managed(customer),
    )


def as_person(work: Work, person: Person) -> Work:
    """The same transaction, with `person` calling."""
    work.caller = Caller(person.code, person.unit, frozenset(person.roles))
    return work


async def enter(work: Work, person: Person) -> Work:
    """As a request of `person` enters: the database knows who asks."""
    await work.run(
        "SELECT * FROM kit.enter(:caller, :unit, :today)",
        {"caller": person.code, "unit": person.unit, "today": work.today},
    )
    return as_person(work, person)


def told(work: Work, kind: str) -> list[dict[str, Any]]:
    """The data of the facts of one kind that were published so far, in order."""
    return [
        fact.model_dump(mode="json") for fact in said(work) if fact.subject.split(".")[2] == kind
    ]


def refused(work: Work) -> list[str]:
    """The reasons for which facts were refused so far."""
    return [refusal.code for _, _, refusal in work._collected.refused]


async def waiting(work: Work) -> list[tuple[str, str]]:
    """On what facts wait so far."""
    kept = await work.rows("SELECT kind, key FROM kit.waiting ORDER BY kind, key")
    collected = [(kind, key) for _, kind, key in work._collected.waits]
    return [*((row["kind"], row["key"]) for row in kept), *collected]


async def states(work: Work, customer: Customer) -> list[tuple[str, date, str, int]]:
    """The customer's obligations: code, first day, state, count; in order."""
    rows = await work.rows(
        "SELECT code, first_on, state, cardinality(visit_ids) AS count FROM obligations"
        " WHERE customer_key = :key ORDER BY code, first_on",
        key=customer.key,
    )
    return [(row["code"], row["first_on"], row["state"], row["count"]) for row in rows]
