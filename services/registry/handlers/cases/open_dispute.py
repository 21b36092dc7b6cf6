"""A customer is disputed: by a claim, or because business arose elsewhere (R-37)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.cases import disputes as domain
from services.registry.domain.cases.disputes import Dispute, DisputeCause, DisputeRules
from services.registry.domain.cases.evidence import Evidence, EvidenceKind
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.cases.publishing import dispute_opened, tell_of
from services.registry.storage.belonging import ownership
from services.registry.storage.cases import disputes, evidence
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A claim of `claimants` on a customer, with what the person says to it."""

    customer_key: UUID
    by: Actor
    claimants: Sequence[str]
    statement: str
    on: date | None = None


async def handle(work: Work, command: OpenDispute) -> Dispute:
    """Open the dispute that a party asks for and put its statement before it (R-37).

    Raises NobodyOwns before the approval, NothingInDispute, DisputeOpenAlready, NotAParty.
    """
    on = business_day(command.on, work.today)
    customer = await customers.load(work, command.customer_key)
    known = await disputes.of_customer(work, command.customer_key)
    dispute, units = await _draw_up(
        work, customer, command.claimants, DisputeCause.CLAIM, on, command.by.unit
    )

    domain.require_none_open(known)
    party = domain.speaks_for(dispute, units, command.by.unit)
    dispute = replace(dispute, opened_for=party)

    await keep(work, dispute, command.by.staff_code)
    statement = Evidence(
        EvidenceKind.STATEMENT, str(new_id()), party, on, statement=command.statement
    )
    await disputes.add_evidence(work, dispute, [statement], command.by.staff_code)
    return dispute


async def because_of(
    work: Work, customer: Customer, claimants: Sequence[str], cause: DisputeCause
) -> None:
    """Open a dispute that nobody claimed, for those `claimants` who were not heard yet (R-37).

    The customer's row is held. While another dispute is open nothing happens: it collects the
    evidence before it is ruled.
    """
    known = await disputes.of_customer(work, customer.customer_key)
    unheard = domain.unheard(claimants, known)
    if unheard:
        dispute, _ = await _draw_up(work, customer, unheard, cause, work.today, None)
        await keep(work, dispute, None)


async def _draw_up(
    work: Work,
    customer: Customer,
    claimants: Sequence[str],
    cause: DisputeCause,
    on: date,
    asked_by: str | None,
) -> tuple[Dispute, Organisation]:
    owners = await ownership.ownerships(work, customer.customer_key)
    owner = require_owner(owners)
    units = await organisation.lineage(work, [owner.owner_unit, *claimants, asked_by])
    rules = await in_force(work, DisputeRules, on)
    dispute = domain.open_dispute(
        units,
        rules.body,
        dispute_id=new_id(),
        customer_key=customer.customer_key,
        owner_unit=owner.owner_unit,
        claimants=claimants,
        cause=cause,
        on=on,
    )
    return dispute, units


async def keep(work: Work, dispute: Dispute, opened_by: str | None) -> None:
    """Keep a new dispute with what registry itself knows, and let everybody concerned see it."""
    await disputes.add(work, dispute, opened_by)
    collected = await evidence.collect(work, dispute.customer_key)
    await disputes.add_evidence(work, dispute, collected, None)
    await tell_of(work, dispute_opened(dispute))
    await refresh_scope.handle(work, dispute.customer_key)
