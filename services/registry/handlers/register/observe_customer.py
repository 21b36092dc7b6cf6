"""Another system has seen a customer: linked if it is surely one of ours, never registered."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.registry.domain.register.observations import Linked, recognise
from services.registry.handlers.publishing import customer_changed, tell
from services.registry.storage.register import customers, observations
from services.registry.storage.register.divisions import credit_code
from shared.clock import business_date
from shared.contracts.enterprise import CustomerObserved
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, fact: Fact[CustomerObserved]) -> None:
    """Keep what was seen; cross-reference it when the credit code is one customer's (R-81).

    An equal name only makes it a possible duplicate, which a person finds in the list.
    """
    said = fact.data
    code = credit_code(said.unified_credit_code)
    same_code: list[UUID] = []
    if code is not None:
        await customers.lock_credit_codes(work, [code])
        found = await customers.living_with(work, [code])
        same_code = [row["customer_key"] for row in found.get(code, [])]
    held_by = await customers.holder(work, fact.system, said.code)

    outcome = recognise(held_by, same_code, [])

    await observations.keep(work, [fact])
    if isinstance(outcome, Linked):
        holder = {(fact.system, said.code): outcome.customer_key}
        await observations.keep_marks(work, holder)
    if isinstance(outcome, Linked) and held_by is None:
        await _link(work, outcome.customer_key, fact)


async def _link(work: Work, customer_key: UUID, fact: Fact[CustomerObserved]) -> None:
    customer = await customers.load(work, customer_key)
    linked = replace(customer, version=customer.version + 1)
    await customers.link(work, customer_key, fact.system, fact.data.code)
    await customers.save(work, linked)
    seen_on = business_date(fact.time, work.zone)
    await customers.note(work, linked, "cross-referenced", seen_on, None)
    await tell(work, customer_changed(linked, await customers.codes(work, customer_key)))
