"""A customer leaves the register, and may be taken up again by a new decision.

Its ID is never given to anybody else (R-33).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from shared.errors import Conflict

from .customers import Customer, CustomerState, WrongState


class StillOpen(Conflict):
    """Something of the customer is not finished yet."""

    code = "customer-has-open-matters"
    rule = "R-33"
    title_zh = "客户尚有未了事项"
    title_en = "Open matters"


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """What registry knows to be open about a customer."""

    disputes: Sequence[UUID] = ()
    living_branches: int = 0


def closed(customer: Customer, matters: OpenMatters, on: date) -> Customer:
    """The customer, closed; raises WrongState, StillOpen.

    One that is only declared is not closed but its declaration refused. A head office closes after
    its branches, a disputed customer after its ruling.
    """
    if customer.state in (CustomerState.CLOSED, CustomerState.DECLARED):
        raise _wrong(customer, "不能关闭", "cannot be closed")
    if matters.disputes:
        raise StillOpen(
            f"有 {len(matters.disputes)} 起争议尚未裁决",
            f"{len(matters.disputes)} dispute(s) are not ruled yet",
            disputes=[str(each) for each in matters.disputes],
        )
    if matters.living_branches:
        raise StillOpen(
            f"尚有 {matters.living_branches} 家分支机构在册",
            f"{matters.living_branches} branch(es) are still in the register",
            living_branches=matters.living_branches,
        )
    return replace(customer, closed_on=on, version=customer.version + 1)


def reopened(customer: Customer, head_office: Customer | None) -> Customer:
    """The customer back at the stage where the closing found it, under its old ID.

    Raises WrongState: for one that is not closed, for a refused declaration (declare it anew), and
    below a closed head office.
    """
    if customer.state is not CustomerState.CLOSED or customer.approved_on is None:
        raise _wrong(customer, "不能重新启用", "cannot be reopened")
    if head_office is not None and head_office.state is CustomerState.CLOSED:
        raise _wrong(head_office, "总部已关闭，须先启用总部", "reopen the head office first")
    return replace(customer, closed_on=None, version=customer.version + 1)


def _wrong(customer: Customer, zh: str, en: str) -> WrongState:
    return WrongState(
        f"客户状态为 {customer.state}：{zh}",
        f"the customer is {customer.state}: {en}",
        customer_key=str(customer.customer_key),
        state=customer.state.value,
    )
