"""Who of us was in touch with a customer: the facts behind trust and the desk rule (R-54, R-80)."""

from __future__ import annotations

from services.registry.storage.people import contacts
from services.registry.storage.people.contacts import Contact
from shared.clock import business_date
from shared.contracts.engagement import VisitRecorded
from shared.contracts.enterprise import ContactLogged, Direction
from shared.directory import customers
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def logged(work: Work, facts: list[Fact[ContactLogged]]) -> None:
    """Keep calls and messages; those of customers that nobody knows yet wait (R-54).

    A customer may call us before its approval; whoever of us calls first waits for it (R-20).
    """
    for is_inbound in (True, False):
        of_kind = [
            fact for fact in facts if (fact.data.direction is Direction.INBOUND) is is_inbound
        ]
        references = [fact.data.customer for fact in of_kind]
        keys = await customers.resolve(work, references, developed=not is_inbound)
        found = []
        for fact, key in zip(of_kind, keys, strict=True):
            if key is None:
                work.wait(fact, "customer", customers.reference_key(fact.data.customer))
                continue
            said = fact.data
            found.append(
                Contact(
                    contact_id=derived_id("contact", fact.system, said.ref),
                    customer_key=key,
                    source="logged",
                    version=1,
                    channel=said.channel,
                    direction=said.direction.value,
                    company_channel=said.company_channel,
                    staff_codes=(said.staff_code,) if said.staff_code else (),
                    occurred_at=said.occurred_at,
                    occurred_on=business_date(said.occurred_at, work.zone),
                )
            )
        await contacts.keep(work, found)


async def visited(work: Work, facts: list[Fact[VisitRecorded]]) -> None:
    """Keep visits as contacts of everybody who was there (R-49, R-80)."""
    told = [fact.data for fact in facts]
    await contacts.keep(
        work,
        [
            Contact(
                contact_id=visit.visit_id,
                customer_key=visit.customer_key,
                source="visit",
                version=visit.entity.version,
                channel=visit.channel,
                direction=Direction.OUTBOUND.value,
                company_channel=None,
                staff_codes=visit.visitors,
                occurred_at=visit.started_at,
                occurred_on=visit.occurred_on,
            )
            for visit in told
        ],
    )
