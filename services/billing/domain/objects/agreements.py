"""Purchase agreements (买卖合同) of objects, final only once registered (B-03, B-08, B-09)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Invalid

from ..receivables.charges import Instalment
from .agreement_refusals import (
    AgreementCancelled,
    AnotherAgreement,
    ContractBeforeDeposit,
    ContractTooLate,
    InstalmentsOutOfOrder,
    MayNotCancel,
    SaleFinal,
)
from .authorities import Authority
from .deposits import Deposit
from .deposits import State as DepositState
from .purchase_rules import PurchaseRules


class State(StrEnum):
    """Where an agreement stands; only a registered one is final (B-09)."""

    SIGNED = "signed"
    REGISTERED = "registered"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Agreement:
    """A signed purchase of an object; `price` in yuan is what its instalments sum to.

    `settled_on` is the day of its registration or its cancellation. `authority` is the agent's who
    signed for the customer; without it the customer signed.
    """

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
    state: State = State.SIGNED
    preliminary_id: UUID | None = None
    authority: Authority | None = None
    registration_number: str | None = None
    settled_on: date | None = None
    settled_by: str | None = None


def check_deposit(
    agreement: Agreement, deposit: Deposit, on: date, *, is_same_customer: bool
) -> None:
    """Raise unless the money of `deposit` may be set against `agreement` on the day `on`.

    AgreementCancelled, AnotherAgreement, ContractBeforeDeposit, ContractTooLate (B-03, B-08),
    Invalid for a day before the signature.
    """
    _require_not_cancelled(agreement)
    _check_order(agreement, on)
    if deposit.object_code != agreement.object_code or not is_same_customer:
        raise AnotherAgreement(
            f"定金为 {deposit.object_code}，合同为 {agreement.object_code}",
            f"the deposit is on {deposit.object_code}, the agreement on {agreement.object_code}",
            pointer="/agreement_id",
        )
    if agreement.signed_on < deposit.taken_on:
        raise ContractBeforeDeposit(
            f"合同签于 {agreement.signed_on}，定金收于 {deposit.taken_on}",
            f"the contract was signed on {agreement.signed_on}, the deposit taken on"
            f" {deposit.taken_on}",
            pointer="/signed_on",
            taken_on=deposit.taken_on.isoformat(),
        )
    if agreement.signed_on > deposit.contract_due_on:
        raise ContractTooLate(
            f"合同应于 {deposit.contract_due_on} 前签订，实为 {agreement.signed_on}",
            f"the contract was due by {deposit.contract_due_on} and signed on"
            f" {agreement.signed_on}",
            due_on=deposit.contract_due_on.isoformat(),
            signed_on=agreement.signed_on.isoformat(),
        )


def is_waited_for(agreement: Agreement, deposit: Deposit, *, is_same_customer: bool) -> bool:
    """Whether the money of `deposit`, which held at the signature, is to be set off (B-08).

    What a cancelled agreement gave free waits for no other: somebody decides on it.
    """
    last_on = min(deposit.contract_due_on, deposit.valid_until_on)
    return (
        agreement.state is not State.CANCELLED
        and is_same_customer
        and deposit.state in (DepositState.TAKEN, DepositState.EXPIRED)
        and deposit.agreement_id is None
        and deposit.taken_on <= agreement.signed_on <= last_on
    )


def check_plan(instalments: Sequence[Instalment]) -> None:
    """Raise InstalmentsOutOfOrder unless they are numbered from 1 and due in that order."""
    in_order = sorted(instalments, key=lambda part: part.number)
    numbers = [part.number for part in in_order]
    days = [part.due_on for part in in_order]
    if numbers != list(range(1, len(numbers) + 1)) or days != sorted(days):
        raise InstalmentsOutOfOrder(
            "期号须从 1 起连续，后一期的到期日不得早于前一期",
            "instalments are numbered 1, 2, … and no later one is due before an earlier one",
            pointer="/instalments",
        )


def register(agreement: Agreement, number: str, on: date, staff_code: str) -> Agreement:
    """The sale is final from now on (B-09). Raises SaleFinal, AgreementCancelled, Invalid."""
    require_standing(agreement)
    _check_order(agreement, on)
    return replace(
        agreement,
        state=State.REGISTERED,
        registration_number=number,
        settled_on=on,
        settled_by=staff_code,
        version=agreement.version + 1,
    )


def cancel(
    agreement: Agreement, on: date, staff_code: str, roles: Collection[str], rules: PurchaseRules
) -> Agreement:
    """Undo a signed agreement before its registration (B-09).

    Raises SaleFinal, AgreementCancelled, MayNotCancel, Invalid.
    """
    require_standing(agreement)
    if staff_code == agreement.staff_code or not set(roles) & set(rules.cancelling_roles):
        names = ", ".join(rules.cancelling_roles)
        raise MayNotCancel(
            f"合同由 {names} 撤销，且不得为经办人本人",
            f"{names} cancel an agreement, and never whoever signed it",
        )
    _check_order(agreement, on)
    return replace(
        agreement,
        state=State.CANCELLED,
        settled_on=on,
        settled_by=staff_code,
        version=agreement.version + 1,
    )


def require_standing(agreement: Agreement) -> None:
    """Raise SaleFinal or AgreementCancelled unless the agreement is signed and no more."""
    if agreement.state is State.REGISTERED:
        raise SaleFinal(
            f"合同 {agreement.number} 已于 {agreement.settled_on} 登记",
            f"the agreement {agreement.number} was registered on {agreement.settled_on}",
            registered_on=str(agreement.settled_on),
        )
    _require_not_cancelled(agreement)


def _require_not_cancelled(agreement: Agreement) -> None:
    if agreement.state is State.CANCELLED:
        raise AgreementCancelled(
            f"合同 {agreement.number} 已于 {agreement.settled_on} 撤销",
            f"the agreement {agreement.number} was cancelled on {agreement.settled_on}",
        )


def _check_order(agreement: Agreement, on: date) -> None:
    if on < agreement.signed_on:
        raise Invalid(
            f"日期早于签约之日 {agreement.signed_on}",
            f"the day lies before the signature on {agreement.signed_on}",
            pointer="/on",
        )
