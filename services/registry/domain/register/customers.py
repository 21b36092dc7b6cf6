"""A key account and what it may do at each stage of its life (R-20, R-22)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid


class CustomerState(StrEnum):
    """How far a customer has come; development is allowed from `approved` on (R-20)."""

    DECLARED = "declared"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    REGISTERED = "registered"
    CLOSED = "closed"


class CustomerKind(StrEnum):
    """Commercial, or a policy account: below the threshold but influential (R-15)."""

    COMMERCIAL = "commercial"
    POLICY = "policy"


class NotDeveloped(Conflict):
    """Nothing but research is recorded before the declaration is approved."""

    code = "unapproved-customer"
    rule = "R-20"
    title_zh = "客户未经批准开发"
    title_en = "Customer not approved for development"


class Suspended(Conflict):
    """A credit problem showed: investigation and talks are suspended."""

    code = "customer-suspended"
    rule = "R-22"
    title_zh = "客户已中止洽谈"
    title_en = "Customer suspended"


class WrongState(Conflict):
    """The customer is not at the stage that the step asks for."""

    code = "wrong-customer-state"
    rule = "R-20"
    title_zh = "客户状态不允许"
    title_en = "Wrong customer state"


class BranchOfABranch(Invalid):
    """A branch hangs below a head office, never below another branch."""

    code = "branch-of-a-branch"
    rule = "R-32"
    title_zh = "分支机构只能隶属于总部"
    title_en = "Branch of a branch"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as registry keeps it; `version` counts its published changes.

    `division_code` is where it is now; its ID keeps the one it was issued under (C18).
    `registered_capital` is in the words given, `capital_amount` in yuan as far as readable.
    """

    customer_key: UUID
    name: str
    kind: CustomerKind
    division_code: str
    declaring_unit: str
    declared_on: date
    short_name: str | None = None
    industry: str | None = None
    unified_credit_code: str | None = None
    reporting_branch: str | None = None
    joint_units: tuple[str, ...] = ()
    head_office_key: UUID | None = None
    specialty_class: str | None = None
    visit_class: str | None = None
    traits: tuple[str, ...] = ()
    is_one_off: bool = False
    is_opening: bool = False
    approved_on: date | None = None
    customer_id: str | None = None
    registered_on: date | None = None
    suspended_on: date | None = None
    suspended_for: str | None = None
    closed_on: date | None = None
    registered_capital: str | None = None
    capital_amount: Decimal | None = None
    version: int = 1

    @property
    def state(self) -> CustomerState:
        """The stage: a closing outweighs a suspension, a suspension everything before."""
        if self.closed_on is not None:
            return CustomerState.CLOSED
        if self.suspended_on is not None:
            return CustomerState.SUSPENDED
        if self.customer_id is not None:
            return CustomerState.REGISTERED
        if self.approved_on is not None:
            return CustomerState.APPROVED
        return CustomerState.DECLARED

    def require_development(self) -> Customer:
        """The customer, if it may be developed; raises NotDeveloped, Suspended (R-20, R-22)."""
        if self.state is CustomerState.SUSPENDED:
            raise Suspended(
                f"客户因信用问题自 {self.suspended_on} 起中止调查和洽谈",
                f"investigation and talks have been suspended since {self.suspended_on}",
                customer_key=str(self.customer_key),
                suspended_on=str(self.suspended_on),
            )
        if self.state not in (CustomerState.APPROVED, CustomerState.REGISTERED):
            raise NotDeveloped(
                f"客户状态为 {self.state}，获批准后才可开发",
                f"the customer is {self.state}: nobody develops it before approval",
                customer_key=str(self.customer_key),
                state=self.state.value,
            )
        return self


def opened(
    customer: Customer, opened_on: date, customer_id: str | None, issued_on: date
) -> Customer:
    """A key account that the site already had, with everything it gets at once (R-31).

    Without an ID it is approved only, and registered once its division is put right.
    """
    return replace(
        customer,
        is_opening=True,
        approved_on=opened_on,
        customer_id=customer_id,
        registered_on=None if customer_id is None else issued_on,
    )


def approved(customer: Customer, on: date, joint_units: tuple[str, ...]) -> Customer:
    """The customer once its declaration is approved; raises WrongState (R-20)."""
    _require(customer, CustomerState.DECLARED)
    return replace(customer, version=customer.version + 1, approved_on=on, joint_units=joint_units)


def refused(customer: Customer, on: date) -> Customer:
    """The customer once its declaration is refused: closed, its number never used (R-20)."""
    _require(customer, CustomerState.DECLARED)
    return replace(customer, version=customer.version + 1, closed_on=on)


def require_approved(customer: Customer) -> Customer:
    """The customer, if its turn to be registered has come; raises WrongState (R-20)."""
    _require(customer, CustomerState.APPROVED)
    return customer


def registered(customer: Customer, customer_id: str, on: date) -> Customer:
    """The customer with the ID that it keeps for life; raises WrongState (R-31)."""
    _require(customer, CustomerState.APPROVED)
    return replace(
        customer, version=customer.version + 1, customer_id=customer_id, registered_on=on
    )


def suspended(customer: Customer, reason: str, on: date) -> Customer:
    """The customer while a credit problem is open; from any living stage (R-22)."""
    _require(customer, CustomerState.DECLARED, CustomerState.APPROVED, CustomerState.REGISTERED)
    return replace(customer, version=customer.version + 1, suspended_on=on, suspended_for=reason)


def resumed(customer: Customer) -> Customer:
    """The customer back at the stage where the suspension found it; raises WrongState (R-22)."""
    _require(customer, CustomerState.SUSPENDED)
    return replace(customer, version=customer.version + 1, suspended_on=None, suspended_for=None)


def require_no_branch(head_office: Customer) -> Customer:
    """The customer, if branches may hang below it; raises BranchOfABranch (R-32)."""
    if head_office.head_office_key is not None:
        raise BranchOfABranch(
            "所指总部本身是分支机构",
            "the head office named is itself a branch",
            pointer="/customer/head_office_key",
            head_office_key=str(head_office.head_office_key),
        )
    return head_office


def _require(customer: Customer, *states: CustomerState) -> None:
    if customer.state not in states:
        raise WrongState(
            f"客户状态为 {customer.state}，此操作要求 {'、'.join(states)}",
            f"the customer is {customer.state}; this step needs {' or '.join(states)}",
            customer_key=str(customer.customer_key),
            state=customer.state.value,
        )
