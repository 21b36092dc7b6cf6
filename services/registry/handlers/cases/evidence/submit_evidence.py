"""A party puts a statement before an open dispute (R-37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.cases.disputes import speaks_for
from services.registry.domain.cases.evidence import Evidence, EvidenceKind
from services.registry.storage.cases import disputes, evidence
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SubmitEvidence:
    """What a party says; the words stay in registry."""

    dispute_id: UUID
    by: Actor
    statement: str
    on: date | None = None


async def handle(work: Work, command: SubmitEvidence) -> None:
    """Keep the statement for its party, and bring what registry knows up to date.

    Raises DisputeClosed, NotAParty.
    """
    on = business_day(command.on, work.today)
    await customers.load(work, await disputes.customer_of(work, command.dispute_id))
    dispute = await disputes.load(work, command.dispute_id)
    named = [*dispute.parties, dispute.ruling_unit, command.by.unit]
    units = await organisation.lineage(work, named)

    party = speaks_for(dispute, units, command.by.unit)
    statement = Evidence(
        EvidenceKind.STATEMENT, str(new_id()), party, on, statement=command.statement
    )

    await disputes.add_evidence(work, dispute, [statement], command.by.staff_code)
    collected = await evidence.collect(work, dispute.customer_key)
    await disputes.add_evidence(work, dispute, collected, None)
