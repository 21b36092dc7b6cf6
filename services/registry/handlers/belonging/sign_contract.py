"""A framework contract is signed: its place settles the territory, its day ends the development.

R-20 (only with an approved customer), R-36 (the owner), R-37 (business elsewhere), R-48 (the swap).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.contracts import Contract, sign
from services.registry.domain.belonging.ownership import (
    Confirmed,
    Contested,
    Established,
    Ownership,
    by_signature,
    elsewhere,
)
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.belonging.timelines import in_force
from services.registry.domain.cases.disputes import DisputeCause
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.people.managers import Signature
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import change_owner
from services.registry.handlers.cases import open_dispute
from services.registry.handlers.handovers import to_after_sales
from services.registry.handlers.people import settle_managers
from services.registry.handlers.publishing import contract_signed, tell
from services.registry.handlers.recognition import recognise_key_account
from services.registry.storage.belonging import contracts, ownership
from services.registry.storage.centres import organisation
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SignContract:
    """A contract and who enters it."""

    contract: Contract
    by: Actor


async def handle(work: Work, command: SignContract) -> Contract:
    """Keep the contract and everything that follows from it.

    Raises NotDeveloped, Suspended, InvalidTerm, UnknownUnit, NotResponsible, InTheFuture.
    """
    contract = command.contract
    signed_on = business_day(contract.signed_on, work.today, "/signed_on")
    customer = await customers.load(work, contract.customer_key)
    owners = await ownership.ownerships(work, contract.customer_key)
    units = await _units(work, command, customer, owners)

    sign(contract, customer, units)
    require_responsible(command.by, [owners[-1].owner_unit, *customer.joint_units], units)
    outcome = by_signature(owners, units, contract.signed_at_unit, signed_on, work.today)

    await contracts.add(work, [contract], command.by.staff_code)
    await tell(work, contract_signed(contract))
    if isinstance(outcome, Established):
        await change_owner.handle(work, customer, outcome.ownership, work.today)
    await _end_development(work, contract)
    await to_after_sales.handle(work, contract.customer_key)
    await _dispute(work, customer, units, contract, outcome)
    await recognise_key_account.signed(work, [contract.customer_key], command.by.staff_code)
    return contract


async def _end_development(work: Work, contract: Contract) -> None:
    signature = Signature(contract.contract_id, contract.signed_on)
    key, place = contract.customer_key, contract.signed_at_unit
    await managers.add_signatures(work, [(key, signature, place)], "registry")
    await settle_managers.signed(work, [key])


async def _dispute(
    work: Work,
    customer: Customer,
    units: Organisation,
    contract: Contract,
    outcome: Established | Contested | Confirmed,
) -> None:
    sharing = await _sharing(work, customer)
    claimants = _unsettled(outcome, sharing, units)
    if claimants:
        cause = DisputeCause.SIGNED_ELSEWHERE
        await open_dispute.because_of(work, customer, claimants, cause)
        return
    owner = (await ownership.ownerships(work, customer.customer_key))[-1].owner_unit
    settled = [*customer.joint_units, *sharing]
    business = elsewhere(units, owner, settled, contract.business_at_units)
    if isinstance(business, Contested):
        cause = DisputeCause.BUSINESS_ELSEWHERE
        await open_dispute.because_of(work, customer, business.claimants, cause)


def _unsettled(
    outcome: Established | Contested | Confirmed, sharing: Iterable[str], units: Organisation
) -> tuple[str, ...]:
    """Whom a signature brings into dispute: not those who share the revenue already."""
    if isinstance(outcome, Established):
        return outcome.displaced
    if isinstance(outcome, Confirmed):
        return ()
    shared = list(sharing)
    return tuple(
        claimant
        for claimant in outcome.claimants
        if not any(units.overlap(claimant, unit) for unit in shared)
    )


async def _sharing(work: Work, customer: Customer) -> frozenset[str]:
    split = in_force(await ownership.splits(work, customer.customer_key), work.today)
    return frozenset() if split is None else split.units


async def _units(
    work: Work, command: SignContract, customer: Customer, owners: Sequence[Ownership]
) -> Organisation:
    contract = command.contract
    shares = await ownership.splits(work, contract.customer_key)
    named = [
        *(unit for split in shares for unit in split.units),
        *(contract.signed_at_unit, *contract.business_at_units, *customer.joint_units),
        *(owner.owner_unit for owner in owners),
        command.by.unit,
    ]
    return await organisation.lineage(work, named)
