"""A dispute ends without a ruling: a claim is withdrawn, or the parties agree (R-37)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import by_ruling, require_owner
from services.registry.domain.belonging.splits import Shares, divide, everything_to
from services.registry.domain.cases import settlements as domain
from services.registry.domain.cases.disputes import Dispute, DisputeRules, DisputeState, speaks_for
from services.registry.domain.cases.settlements import Settlement
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import change_owner, refresh_scope
from services.registry.handlers.cases.evidence import weigh_evidence
from services.registry.handlers.cases.publishing import dispute_closed, tell_of
from services.registry.storage.belonging import ownership
from services.registry.storage.cases import disputes, settlements
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class WithdrawClaim:
    """A party gives up its claim or its appeal."""

    dispute_id: UUID
    by: Actor
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ProposeSettlement:
    """What a party would agree to; without shares the owner gets everything."""

    dispute_id: UUID
    by: Actor
    owner_unit: str
    effective_on: date
    statement: str
    base: Shares = ()
    increment: Shares = ()
    base_amount: Decimal | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class AcceptSettlement:
    """A party agrees to the newest proposal."""

    dispute_id: UUID
    settlement_id: UUID
    by: Actor
    on: date | None = None


async def withdraw(work: Work, command: WithdrawClaim) -> Dispute:
    """Note the withdrawal; the case is over when nobody claims any more (R-37).

    Raises DisputeClosed, BeforeTheCase, NotAParty, NothingToWithdraw.
    """
    on = business_day(command.on, work.today)
    customer, dispute, units = await _load(work, command.dispute_id, command.by)
    owner = require_owner(await ownership.ownerships(work, customer.customer_key)).owner_unit

    party = speaks_for(dispute, units, command.by.unit)
    left = domain.withdraw(dispute, party, owner, units, on)

    await disputes.save(work, left)
    if left.state is DisputeState.WITHDRAWN:
        await tell_of(work, dispute_closed(left, None))
        await refresh_scope.handle(work, customer.customer_key)
    return left


async def propose(work: Work, command: ProposeSettlement) -> Settlement:
    """Keep the proposal, which its own party has accepted; an older one counts no more (R-37).

    Raises DisputeClosed, NotAParty, SettlementOutOfReach, NotTheWhole, NoCentre.
    """
    on = business_day(command.on, work.today)
    customer, dispute, units = await _load(
        work, command.dispute_id, command.by, [command.owner_unit, *_shared(command)]
    )
    base = command.base or everything_to(command.owner_unit)
    found = Settlement(
        settlement_id=new_id(),
        dispute_id=dispute.dispute_id,
        sequence=await settlements.next_sequence(work, dispute.dispute_id),
        proposed_for=speaks_for(dispute, units, command.by.unit),
        owner_unit=command.owner_unit,
        terms=divide(base, command.increment, command.base_amount),
        effective_on=command.effective_on,
        statement=command.statement,
    )

    domain.propose(dispute, found, units, customer.declared_on)

    await settlements.add(work, customer.customer_key, found, command.by.staff_code, on)
    await settlements.accept(
        *(work, customer.customer_key, found, found.proposed_for),
        *(command.by.staff_code, on),
    )
    return found


async def accept(work: Work, command: AcceptSettlement) -> Dispute:
    """Note that a party agrees; once all have, the agreement holds like a ruling (R-37).

    Raises DisputeClosed, BeforeTheCase, NotAParty, NoSuchSettlement.
    """
    on = business_day(command.on, work.today)
    customer, dispute, units = await _load(work, command.dispute_id, command.by)
    settlement = await settlements.newest(work, dispute.dispute_id, command.settlement_id)
    party = domain.require_living(dispute, speaks_for(dispute, units, command.by.unit))

    await settlements.accept(
        *(work, customer.customer_key, settlement, party, command.by.staff_code, on)
    )
    agreed = domain.settled(dispute, await settlements.accepted(work, settlement), on)
    if agreed is None:
        return dispute
    await _conclude(work, customer, agreed, settlement, command.by, on)
    return agreed


async def _conclude(
    work: Work,
    customer: Customer,
    agreed: Dispute,
    settlement: Settlement,
    by: Actor,
    on: date,
) -> None:
    ruling = domain.as_ruling(settlement, on)
    rules = await in_force(work, DisputeRules, on)
    weights = await weigh_evidence.handle(work, agreed)
    owners = await ownership.ownerships(work, customer.customer_key)
    owner = by_ruling(owners, ruling.owner_unit, ruling.ruling_id, ruling.effective_on, on)

    await disputes.save(work, agreed)
    await disputes.add_ruling(work, agreed, ruling, by.staff_code, weights, rules.reference)
    await tell_of(work, dispute_closed(agreed, settlement.settlement_id))
    await change_owner.handle(work, customer, owner, on)


async def _load(
    work: Work, dispute_id: UUID, by: Actor, others: Iterable[str] = ()
) -> tuple[Customer, Dispute, Organisation]:
    customer = await customers.load(work, await disputes.customer_of(work, dispute_id))
    dispute = await disputes.load(work, dispute_id)
    owners = await ownership.ownerships(work, customer.customer_key)
    named = [*dispute.parties, dispute.ruling_unit, by.unit, *others]
    named += [each.owner_unit for each in owners]
    return customer, dispute, await organisation.lineage(work, named)


def _shared(command: ProposeSettlement) -> list[str]:
    return [part.unit for part in (*command.base, *command.increment)]
