"""enterprise.control_total_stated: a sender says what it sent for a day (B-35)."""

from __future__ import annotations

from services.billing.domain.books.control_totals import objection
from services.billing.storage.books import control_totals
from services.billing.storage.books.control_totals import Stated
from shared.contracts.enterprise import ControlTotalStated
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[ControlTotalStated]]) -> None:
    """Keep every total that does not contradict itself."""
    stated = []
    for fact in facts:
        data = fact.data
        listed = tuple((each.ref, each.amount.amount) for each in data.facts)
        refusal = objection(data.event, data.count, data.amount.amount, listed)
        if refusal is not None:
            work.refuse(fact, refusal)
            continue
        stated.append(
            Stated(
                system=fact.system,
                ref=data.ref,
                event=data.event,
                on=data.on,
                count=data.count,
                amount=data.amount.amount,
                stated_at=fact.time,
                facts=listed,
            )
        )
    await control_totals.keep(work, stated)
