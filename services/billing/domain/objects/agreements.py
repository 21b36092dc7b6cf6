"""Purchase agreements of objects, as far as deposits need them (B-03, B-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.errors import Conflict

from .deposits import Deposit


class ContractTooLate(Conflict):
    """The contract is to be signed within so many days of the deposit (B-03)."""

    code = "contract-too-late"
    rule = "B-03"
    title_zh = "签约超过约定期限"
    title_en = "The contract was signed too late"


class AnotherAgreement(Conflict):
    """The deposit reserves another object, or is another customer's (B-08)."""

    code = "another-agreement"
    rule = "B-08"
    title_zh = "定金与合同不符"
    title_en = "The deposit is not for this agreement"


class AlreadySold(Conflict):
    """An object is sold once, and an agreement's number is used once."""

    code = "already-sold"
    rule = "B-11"
    title_zh = "该户号或合同号已签约"
    title_en = "Sold already"


@dataclass(frozen=True)
class Agreement:
    """A signed purchase of an object; `price` in yuan is what its instalments sum to."""

    agreement_id: UUID
    number: str
    object_code: str
    customer_key: UUID
    charge_id: UUID
    price: Decimal
    signed_on: date
    signed_at_unit: str
    staff_code: str
    version: int = 1


def check_deposit(agreement: Agreement, deposit: Deposit) -> None:
    """Raise unless the money of `deposit` may be set against `agreement` (B-03, B-08)."""
    if (deposit.object_code, deposit.customer_key) != (
        agreement.object_code,
        agreement.customer_key,
    ):
        raise AnotherAgreement(
            f"定金为 {deposit.object_code}，合同为 {agreement.object_code}",
            f"the deposit is on {deposit.object_code}, the agreement on {agreement.object_code}",
            pointer="/agreement_id",
        )
    if agreement.signed_on > deposit.contract_due_on:
        raise ContractTooLate(
            f"合同应于 {deposit.contract_due_on} 前签订，实为 {agreement.signed_on}",
            f"the contract was due by {deposit.contract_due_on} and signed on"
            f" {agreement.signed_on}",
            due_on=deposit.contract_due_on.isoformat(),
            signed_on=agreement.signed_on.isoformat(),
        )
