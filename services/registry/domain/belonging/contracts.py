"""Framework contracts: nobody signs with a customer that may not be developed (R-20, R-36)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from shared.errors import Conflict, Invalid

from ..centres.organisation import Organisation
from ..register.customers import Customer


class InvalidTerm(Invalid):
    """A contract is signed after its approval and ends after it was signed."""

    code = "invalid-contract-term"
    rule = "R-20"
    title_zh = "合同日期不符"
    title_en = "Invalid contract term"


class KnownOtherwise(Conflict):
    """What was accepted first stays until a person decides."""

    code = "contract-known-otherwise"
    rule = "R-36"
    title_zh = "该合同已有不同内容的登记"
    title_en = "Known otherwise"


@dataclass(frozen=True, slots=True)
class Contract:
    """A signed framework contract; `business_at_units` is where its business will arise (R-37)."""

    contract_id: UUID
    customer_key: UUID
    signed_at_unit: str
    signed_on: date
    kind: str = "cooperation"
    contract_number: str | None = None
    valid_until_on: date | None = None
    business_lines: tuple[str, ...] = ()
    business_at_units: tuple[str, ...] = ()
    source_system: str | None = None
    source_ref: str | None = None


def sign(contract: Contract, customer: Customer, organisation: Organisation) -> Contract:
    """The contract, if it may be signed; raises NotDeveloped, Suspended, InvalidTerm, UnknownUnit.

    A customer of the opening register may have older contracts than its own day in the register.
    """
    customer.require_development()
    for unit in (contract.signed_at_unit, *contract.business_at_units):
        organisation.unit(unit)
    approved_on = None if customer.is_opening else customer.approved_on
    if approved_on is not None and contract.signed_on < approved_on:
        raise InvalidTerm(
            f"签约日期 {contract.signed_on} 早于批准日期 {approved_on}",
            f"signed on {contract.signed_on}, before the approval on {approved_on}",
            pointer="/signed_on",
            approved_on=approved_on.isoformat(),
        )
    if contract.valid_until_on is not None and contract.valid_until_on < contract.signed_on:
        raise InvalidTerm(
            f"合同截止日期 {contract.valid_until_on} 早于签约日期",
            f"the contract ends on {contract.valid_until_on}, before it was signed",
            pointer="/valid_until_on",
        )
    return contract


def require_same(known: Contract, told: Contract) -> None:
    """Let a contract be told once more, unchanged; raises KnownOtherwise."""
    differing = sorted(
        field.name
        for field in fields(Contract)
        if getattr(known, field.name) != getattr(told, field.name)
    )
    if differing:
        raise KnownOtherwise(
            f"合同 {told.source_ref} 已登记，以下内容不同：{'、'.join(differing)}",
            f"the contract {told.source_ref} is kept with another {', '.join(differing)}",
            contract_id=str(known.contract_id),
            differing=differing,
        )
