"""The opening register: what a key account that the site already had gets at once (R-31, R-48)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.errors import Conflict, Invalid

from ..belonging.ownership import Ownership, OwnershipRule, first_owner
from ..belonging.scope import Grant, grants_of
from ..belonging.splits import Split, first_split
from ..centres.staff import PublishedStaff
from ..people.manager_units import presences_of
from ..people.managers import Assignment, History, Managers, managers_of
from .customers import Customer, CustomerState, WrongState, require_no_branch


class NoLead(Invalid):
    """One A manager at most, one B manager at most, and no B without an A."""

    code = "managers-do-not-fit"
    rule = "R-48"
    title_zh = "A、B角不符"
    title_en = "Managers do not fit"


class OpenedBefore(Conflict):
    """The code is cross-referenced: the customer was declared or opened before."""

    code = "opened-before"
    rule = "R-81"
    title_zh = "客户已在册"
    title_en = "Opened before"


@dataclass(frozen=True, slots=True)
class NamedManagers:
    """The managers whom the site had named."""

    a: str | None = None
    b: str | None = None

    @property
    def people(self) -> list[str]:
        """A, then B, as far as named."""
        return [code for code in (self.a, self.b) if code is not None]


@dataclass(frozen=True, slots=True)
class Opening:
    """An opened customer with everything that follows from it; each the first of its kind."""

    customer: Customer
    ownership: Ownership
    split: Split
    assignment: Assignment | None
    managers: Managers | None
    grants: tuple[Grant, ...]


def named(a: Sequence[str], b: Sequence[str]) -> NamedManagers:
    """Who A and B are; raises NoLead (R-48)."""
    if len(a) > 1 or len(b) > 1 or (b and not a):
        raise NoLead(
            "A角和B角各至多一人，且不能只有B角",
            "name one A and one B manager at most, and no B without an A",
            pointer="/managers",
        )
    return NamedManagers(next(iter(a), None), next(iter(b), None))


def require_head_office(head: Customer) -> Customer:
    """The customer, if branches may be opened below it; raises BranchOfABranch, WrongState."""
    if head.state is CustomerState.CLOSED:
        raise WrongState(
            "总部已关闭",
            "the head office is closed",
            pointer="/head_office_code",
            customer_key=str(head.customer_key),
            state=head.state.value,
        )
    return require_no_branch(head)


def opening_of(
    customer: Customer, by: NamedManagers, moves: Mapping[str, Sequence[PublishedStaff]]
) -> Opening:
    """Owner, split, managers and grants of an opened `customer`, from the day it was opened.

    `moves` holds the published states of everybody in `by`.
    """
    opened_on = customer.declared_on
    owner = first_owner(customer.declaring_unit, OwnershipRule.OPENING, opened_on)
    assignment = None if by.a is None else History().next_assignment(by.a, by.b, opened_on)
    assigned = [] if assignment is None else [assignment]
    return Opening(
        customer=customer,
        ownership=owner,
        split=first_split(owner.owner_unit, opened_on),
        assignment=assignment,
        managers=managers_of(History(assigned)),
        grants=grants_of(customer, [owner], presences_of(assigned, moves), (), ()),
    )
