"""Credit as billing assesses it: the credit indicator of a scheme (T-01, C4).

A score is a reading of the metric `credit` in the month that it looked at until; a scheme that
weighs credit reads the latest. What could not be scored is no reading.
"""

from __future__ import annotations

from services.tiering.domain.inputs.usage import BILLING, CREDIT, Usage
from services.tiering.storage.inputs import usage
from shared.contracts.billing import CreditAssessed
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[CreditAssessed]]) -> None:
    """Keep every score, each assessment once."""
    readings = [reading for fact in facts if (reading := _reading(fact)) is not None]
    if readings:
        await usage.add(work, readings)


def _reading(fact: Fact[CreditAssessed]) -> Usage | None:
    said = fact.data
    if said.score is None:
        return None
    return Usage(
        system=BILLING,
        ref=f"{CREDIT}:{said.customer_key}:{said.entity.version}",
        customer_key=said.customer_key,
        metric=CREDIT,
        period=f"{said.period_until_on:%Y-%m}",
        value=said.score,
        net=said.score,
        reverses_ref=None,
        reported_at=fact.time,
    )
