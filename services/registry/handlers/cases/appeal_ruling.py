"""A party appeals against a ruling to the next higher centre (R-42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.cases.appeals import appeal
from services.registry.domain.cases.disputes import Dispute, DisputeRules
from services.registry.domain.cases.evidence import Evidence, EvidenceKind
from services.registry.handlers.cases import open_dispute
from services.registry.storage.cases import disputes, rulings
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AppealRuling:
    """An appeal against how the dispute was ruled, with what the party says to it."""

    dispute_id: UUID
    by: Actor
    statement: str
    on: date | None = None


async def handle(work: Work, command: AppealRuling) -> Dispute:
    """Open the case on appeal with all that was said before; the ruling holds meanwhile (R-42).

    Raises UnknownDispute, NotAParty, NothingToAppeal, AppealOutOfTime, DisputeOpenAlready.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, await disputes.customer_of(work, command.dispute_id))
    dispute = await disputes.load(work, command.dispute_id)
    known = await disputes.of_customer(work, customer.customer_key)
    ruling = await rulings.appealed(work, dispute)
    rules = await in_force(work, DisputeRules, ruling.ruled_on)
    named = [*dispute.parties, dispute.ruling_unit, command.by.unit]
    units = await organisation.lineage(work, named)

    case = appeal(
        *(dispute, ruling, known, units, rules.body),
        dispute_id=new_id(),
        unit=command.by.unit,
        on=on,
    )

    await open_dispute.keep(work, case, command.by.staff_code)
    await rulings.carry_statements(work, dispute, case)
    assert case.opened_for is not None, "a party appeals"
    said = Evidence(
        *(EvidenceKind.STATEMENT, str(new_id()), case.opened_for, on),
        statement=command.statement,
    )
    await disputes.add_evidence(work, case, [said], command.by.staff_code)
    return case
