"""Facts are taken, and people come in and sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.billing.consumers import CONSUMERS
from services.billing.domain.objects.preliminary_agreements import Preliminary
from services.billing.domain.objects.purchase_rules import Party
from services.billing.handlers.objects import preliminary_agreements
from services.billing.handlers.objects.preliminary_agreements import DrawUp, SignPreliminary
from shared.auth import Caller
from shared.contracts.envelope import Enterprise, Event, Published
from shared.identifiers import new_id
from shared.messaging.cloudevents import Fact
from shared.work import Work
from tests.support.cast import MANAGER_A, SUPERVISOR, Customer, Person
from tests.support.facts import published, reported


async def take(work: Work, *events: Event) -> None:
    """Let billing take `events` in one batch, to the end of its transaction."""
    await CONSUMERS.dispatch(work, [as_fact(event) for event in events])
    await finish(work)


async def finish(work: Work) -> None:
    """End what was done so far as a commit would; what follows is another transaction's."""
    await work.finish()
    work._collected = type(work._collected)()


def as_fact(event: Event) -> Fact[Any]:
    """`event` as its publisher sent it: registry, or the other system called `erp`."""
    if isinstance(event, Published):
        return published(event)
    assert isinstance(event, Enterprise)
    return reported(event)


async def agreed(
    work: Work,
    customer: Customer,
    object_code: str,
    price: str | Decimal,
    *,
    on: date | None = None,
    signing: Sequence[tuple[Party, Person]] = (
        (Party.CUSTOMER, MANAGER_A),
        (Party.SALESPERSON, MANAGER_A),
        (Party.MANAGER, SUPERVISOR),
    ),
) -> Preliminary:
    """A preliminary agreement with the signatures of `signing`, by default all three (B-05)."""
    await enter(work, MANAGER_A)
    command = DrawUp(f"D-{new_id()}", object_code, customer.key, Decimal(price), on)
    preliminary = await preliminary_agreements.draw_up(work, command)
    for party, person in signing:
        await enter(work, person)
        signature = SignPreliminary(
            preliminary.preliminary_id,
            preliminary.version,
            party,
            "王先生" if party is Party.CUSTOMER else None,
            on=on,
        )
        preliminary = await preliminary_agreements.sign_for(work, signature)
    return preliminary


async def enter(work: Work, person: Person) -> None:
    """Let `work` be that of a request by `person`."""
    work.caller = Caller(person.code, person.unit, frozenset(person.roles))
    await work.run(
        "SELECT kit.enter(:staff, :unit, :today)",
        {"staff": person.code, "unit": person.unit, "today": work.today},
    )
