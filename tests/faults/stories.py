"""What a service is told while it is hurt: facts whose right outcome is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from uuid import UUID

from shared.messaging.cloudevents import Message
from tests.faults import toy_wiring
from tests.support.messages import observed
from tests.support.messages import revenue as toy_revenue


@dataclass(frozen=True, slots=True)
class Story:
    """Facts in the order in which they happened, and what is true once all are taken.

    `revenue` (yuan by customer), `billed` and `paid` (yuan) are billing's. `refused` are the refs
    that must be refused.
    """

    messages: Sequence[Message]
    revenue: dict[UUID, Decimal] = field(default_factory=dict)
    billed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
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
