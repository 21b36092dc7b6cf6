"""Contracts that were signed long ago and stand in a file: kept, told, and opening no dispute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.belonging.contracts import Contract, require_same, sign
from services.registry.domain.belonging.ownership import Established, Ownership, by_signature
from services.registry.domain.centres.organisation import Organisation
from services.registry.domain.people.managers import Signature
from services.registry.domain.register.customers import Customer
from services.registry.handlers.belonging import change_owner
from services.registry.handlers.people import settle_managers
from services.registry.handlers.publishing import contract_signed, tell
from services.registry.handlers.recognition import recognise_key_account
from services.registry.storage.belonging import contracts, ownership
from services.registry.storage.centres import organisation
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.contracts.values import Code, Label, Word
from shared.errors import NotFound, Refusal
from shared.identifiers import derived_id
from shared.importing import ImportedRow
from shared.moments import business_day
from shared.work import Work


class ContractRow(ImportedRow):
    """A contract with a customer that another system knows by a code; `ref` is that system's."""

    system: Code
    customer_code: Code
    signed_at_unit: Code
    signed_on: date
    kind: Word = "cooperation"
    contract_number: Label | None = None
    valid_until_on: date | None = None
    business_lines: tuple[Label, ...] = ()


Signed = tuple[Contract, Ownership | None]
"""A contract that may be, and the ownership that its place establishes."""


async def handle(work: Work, rows: Sequence[ContractRow]) -> dict[str, Refusal]:
    """Keep the contracts and all that follows from them; what was refused, by ref (R-36, R-48).

    Each customer's come in the order of their days. One that is known already is left alone.
    Refusals are NotFound, NotDeveloped, Suspended, InvalidTerm, UnknownUnit, InTheFuture and
    KnownOtherwise.
    """
    met = await _load(work, rows)
    signed: list[Signed] = []
    refused = dict[str, Refusal]()
    for row in sorted(rows, key=lambda each: each.signed_on):
        try:
            contract = _contract(row, met.keys)
            if not met.knows(contract):
                signed.append((contract, met.sign(contract)))
        except Refusal as refusal:
            refused[row.ref] = refusal
    await _keep(work, met, signed)
    return refused


@dataclass(frozen=True, slots=True)
class _Met:
    """Everything that the contracts depend on; an ownership that one establishes joins it."""

    today: date
    keys: Mapping[tuple[str, str], UUID]
    customers: Mapping[UUID, Customer]
    owners: Mapping[UUID, list[Ownership]]
    known: Mapping[UUID, Contract]
    units: Organisation

    def knows(self, contract: Contract) -> bool:
        """Whether it was kept before; raises KnownOtherwise."""
        known = self.known.get(contract.contract_id)
        if known is not None:
            require_same(known, contract)
        return known is not None

    def sign(self, contract: Contract) -> Ownership | None:
        """The ownership that the contract establishes, if any (R-36)."""
        key, signed_on = contract.customer_key, contract.signed_on
        business_day(signed_on, self.today, "/signed_on")
        sign(contract, self.customers[key], self.units)
        place, owners = contract.signed_at_unit, self.owners[key]
        outcome = by_signature(owners, self.units, place, signed_on, self.today)
        if not isinstance(outcome, Established):
            return None
        owners.append(outcome.ownership)
        return outcome.ownership


async def _load(work: Work, rows: Sequence[ContractRow]) -> _Met:
    keys = await customers.holders(work, [(row.system, row.customer_code) for row in rows])
    held = await customers.load_all(work, keys.values())
    owners = await ownership.ownerships_of(work, held)
    places = {row.signed_at_unit for row in rows}
    owning = {each.owner_unit for versions in owners.values() for each in versions}
    known = await contracts.load_all(work, [_contract_id(row) for row in rows])
    return _Met(
        today=work.today,
        keys=keys,
        customers=held,
        owners=owners,
        known={contract.contract_id: contract for contract in known},
        units=await organisation.lineage(work, places | owning),
    )


async def _keep(work: Work, met: _Met, signed: Sequence[Signed]) -> None:
    if not signed:
        return
    taken = [contract for contract, _ in signed]
    await contracts.add(work, taken, None)
    await tell(work, *map(contract_signed, taken))
    for contract, established in signed:
        if established is not None:
            customer = met.customers[contract.customer_key]
            await change_owner.handle(work, customer, established, work.today)
    signatures = [
        (
            contract.customer_key,
            Signature(contract.contract_id, contract.signed_on),
            contract.signed_at_unit,
        )
        for contract in taken
    ]
    await managers.add_signatures(work, signatures, "registry")
    concerned = sorted({contract.customer_key for contract in taken})
    await settle_managers.signed(work, concerned)
    await recognise_key_account.signed(work, concerned, None)


def _contract(row: ContractRow, keys: Mapping[tuple[str, str], UUID]) -> Contract:
    key = keys.get((row.system, row.customer_code))
    if key is None:
        raise NotFound(
            f"没有 {row.system} 的客户 {row.customer_code}",
            f"there is no customer {row.customer_code} of {row.system}",
            pointer="/customer_code",
        )
    return Contract(
        contract_id=_contract_id(row),
        customer_key=key,
        signed_at_unit=row.signed_at_unit,
        signed_on=row.signed_on,
        kind=row.kind,
        contract_number=row.contract_number,
        valid_until_on=row.valid_until_on,
        business_lines=row.business_lines,
        source_system=row.system,
        source_ref=row.ref,
    )


def _contract_id(row: ContractRow) -> UUID:
    return derived_id("contract", row.system, row.ref)
