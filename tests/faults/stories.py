"""What a service is told while it is hurt: facts whose right outcome is known beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from shared.contracts.envelope import Enterprise, Event, Published
from shared.messaging.cloudevents import Message
from tests.faults import toy_wiring
from tests.services.billing import books
from tests.support.cast import Customer
from tests.support.facts import published, reported
from tests.support.messages import observed
from tests.support.messages import revenue as toy_revenue

_NEW_YEAR = date(2026, 1, 1)
_DAYS_TO_MARCH = 70


@dataclass(frozen=True, slots=True)
class Story:
    """Facts in the order in which they happened, and what is true once all are taken.

    `revenue` is billing's: yuan by customer. `refused` are the refs that must be refused.
    """

    messages: Sequence[Message]
    revenue: dict[UUID, Decimal] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


Telling = Callable[[int, int], Story]
"""Makes the story of a seed with so many facts; the same one every time but for event ids."""


def of_toy(seed: int, number: int) -> Story:
    """Revenue of ten customers that are observed along the way; every twentieth is refused."""
    random = Random(seed)
    numbers = [
        f"{toy_wiring.UNWANTED}-{seed}-{each}" if each % 20 == 0 else f"r-{seed}-{each}"
        for each in range(number)
    ]
    messages = [toy_revenue(each, code=f"C-{random.randrange(10)}") for each in numbers]
    for code in range(10):
        at = random.randrange(len(messages))
        messages.insert(at, observed(f"C-{code}"))
    refused = frozenset(each for each in numbers if each.startswith(toy_wiring.UNWANTED))
    return Story(messages, refused=refused)


def of_billing(seed: int, number: int) -> Story:
    """Revenue of ten customers, taken back in part now and then.

    Registry tells of the customers, their owners and changed splits in between, so facts wait and
    revenue is re-stated; for one customer base and increment are shared differently (R-44).
    """
    random = Random(seed)
    customers = [Customer(f"K-{each}", f"故障测试客户{each}", "GZ", "440106") for each in range(10)]
    events: list[Event] = []
    revenue: dict[UUID, Decimal] = defaultdict(Decimal)
    left: dict[str, Decimal] = {}
    for each in range(number):
        customer = customers[each % len(customers)]
        ref, on = f"R-{seed}-{each}", _NEW_YEAR + timedelta(days=random.randrange(_DAYS_TO_MARCH))
        original = f"R-{seed}-{each - len(customers)}" if random.random() < 0.1 else ""
        if left.get(original, 0) > 1:
            amount = -_cents(random, left.pop(original))
            events.append(books.revenue(customer, ref, str(amount), on=on, reverses=original))
        else:
            amount = left[ref] = _cents(random, Decimal(900))
            events.append(books.revenue(customer, ref, str(amount), on=on))
        revenue[customer.key] += amount
    _scatter(random, events, [customer.changed() for customer in customers])
    _scatter(random, events, [books.owned(customer) for customer in customers])
    _scatter(random, events, [_half(customer, 1) for customer in customers[::2]])
    _scatter(random, events, [_half(customer, 2) for customer in customers[::4]])
    _scatter(random, events, [_beyond_base(customers[1])])
    return Story([message_of(event) for event in events], dict(revenue))


def message_of(event: Event) -> Message:
    """`event` as registry, or the system called `erp`, sends it."""
    if isinstance(event, Published):
        return published(event).message
    assert isinstance(event, Enterprise)
    return reported(event).message


def _scatter(random: Random, events: list[Event], more: Sequence[Event]) -> None:
    """Insert `more` in random places, in their order within the later part."""
    for event in more:
        events.insert(random.randrange(len(events)), event)


def _half(customer: Customer, version: int) -> Event:
    shares = {"GZ": f"0.{version + 4}", "SZ": f"0.{6 - version}"}
    on = _NEW_YEAR + timedelta(days=20 * version)
    return books.split(customer, shares, version=version, on=on)


def _beyond_base(customer: Customer) -> Event:
    beyond = {"SZ": "0.7", "GZ-TH": "0.3"}
    return books.split(customer, {"GZ": "1"}, on=_NEW_YEAR, increment=beyond, base_amount="9000.00")


def _cents(random: Random, most: Decimal) -> Decimal:
    return Decimal(random.randrange(1, int(most * 100))) / 100
