"""The sale of an object was signed: it may be what ended the development (R-48)."""

from __future__ import annotations

from services.registry.domain.people.managers import Signature
from services.registry.handlers.handovers import to_after_sales
from services.registry.handlers.people import settle_managers
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.contracts.billing import SaleContractSigned
from shared.contracts.envelope import CustomerReference
from shared.directory.customers import reference_key
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, fact: Fact[SaleContractSigned]) -> None:
    """Keep the signature and fold the managers again; the first one of all counts (R-48).

    Before the managers it stores the phase; after a manual swap it changes nothing. Waits for a
    customer that nobody told of yet.
    """
    said = fact.data
    reference = reference_key(CustomerReference(customer_key=said.customer_key))
    await work.refer("customer", [reference])
    if await customers.find(work, said.customer_key) is None:
        work.wait(fact, "customer", reference)
        return
    signature = Signature(said.agreement_id, said.signed_on)
    signed = (said.customer_key, signature, said.signed_at_unit)
    await managers.add_signatures(work, [signed], "billing")
    await settle_managers.signed(work, [said.customer_key])
    await to_after_sales.handle(work, said.customer_key)
