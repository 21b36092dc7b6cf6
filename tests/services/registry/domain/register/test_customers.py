"""R-20, R-22, R-31: the stages of a key account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.register.customers import (
    BranchOfABranch,
    Customer,
    CustomerKind,
    CustomerState,
    NotDeveloped,
    Suspended,
    WrongState,
    approved,
    refused,
    registered,
    require_no_branch,
    resumed,
    suspended,
)

DAY = date(2026, 3, 1)
ID = "44010000001000"
DECLARED = Customer(
    customer_key=UUID(int=1),
    name="南方机械",
    kind=CustomerKind.COMMERCIAL,
    division_code="440100",
    declaring_unit="GZ",
    declared_on=DAY,
)
APPROVED = approved(DECLARED, DAY, ("SZ",))
REGISTERED = registered(APPROVED, ID, DAY)


def test_a_customer_goes_from_declared_to_approved_to_registered() -> None:
    assert [c.state for c in (DECLARED, APPROVED, REGISTERED)] == [
        CustomerState.DECLARED,
        CustomerState.APPROVED,
        CustomerState.REGISTERED,
    ]
    assert [c.version for c in (DECLARED, APPROVED, REGISTERED)] == [1, 2, 3]
    assert APPROVED.joint_units == ("SZ",)


def test_r20_nothing_is_developed_before_approval() -> None:
    with pytest.raises(NotDeveloped):
        DECLARED.require_development()
    with pytest.raises(NotDeveloped):
        refused(DECLARED, DAY).require_development()
    for customer in (APPROVED, REGISTERED):
        assert customer.require_development() is customer


def test_r31_an_id_comes_after_the_approval_and_once() -> None:
    for customer in (DECLARED, REGISTERED, refused(DECLARED, DAY)):
        with pytest.raises(WrongState):
            registered(customer, ID, DAY)


def test_r22_a_credit_problem_suspends_at_any_stage_and_lifting_leads_back() -> None:
    for customer in (DECLARED, APPROVED, REGISTERED):
        stopped = suspended(customer, "拖欠", DAY)
        assert stopped.state is CustomerState.SUSPENDED
        with pytest.raises(Suspended):
            stopped.require_development()
        assert resumed(stopped).state is customer.state
        assert resumed(stopped).version == customer.version + 2


def test_r22_what_is_suspended_or_closed_is_not_suspended_again() -> None:
    for customer in (suspended(APPROVED, "拖欠", DAY), refused(DECLARED, DAY)):
        with pytest.raises(WrongState):
            suspended(customer, "拖欠", DAY)
    with pytest.raises(WrongState):
        resumed(APPROVED)


def test_r20_a_declaration_is_approved_or_refused_once() -> None:
    for customer in (APPROVED, refused(DECLARED, DAY)):
        with pytest.raises(WrongState):
            approved(customer, DAY, ())
        with pytest.raises(WrongState):
            refused(customer, DAY)


def test_r32_a_branch_hangs_below_a_head_office_and_never_below_a_branch() -> None:
    branch = replace(DECLARED, head_office_key=UUID(int=7))
    assert require_no_branch(DECLARED) is DECLARED
    with pytest.raises(BranchOfABranch):
        require_no_branch(branch)
