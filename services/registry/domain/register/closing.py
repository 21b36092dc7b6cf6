"""A customer leaves the register, and may be taken up again by a new decision.

Its ID is never given to anybody else (R-33).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import Conflict

from .customers import Customer, CustomerState, WrongState


class StillOpen(Conflict):
    """Something of the customer is not finished yet."""

    code = "customer-has-open-matters"
    rule = "R-33"
    title_zh = "客户尚有未了事项"
    title_en = "Open matters"


class Matter(StrEnum):
    """What may be under way with a customer."""

    DISPUTES = "disputes"
    RULINGS = "appealable-rulings"
    HANDOVERS = "hand-overs"
    LOANS = "loans"
    CHANGES = "changes"
    BRANCHES = "living-branches"


WORDS: Mapping[Matter, tuple[str, str]] = {
    Matter.DISPUTES: ("起争议尚未裁决", "dispute(s) are not ruled yet"),
    Matter.RULINGS: ("项裁决仍可申诉", "ruling(s) may still be appealed against"),
    Matter.HANDOVERS: ("项移交尚未完成", "hand-over(s) are not complete"),
    Matter.LOANS: ("件原件借出未还", "original(s) are lent and not back"),
    Matter.CHANGES: ("项变更申请尚未办结", "change(s) are applied for and not done"),
    Matter.BRANCHES: ("家分支机构在册", "branch(es) are still in the register"),
}


def closed(customer: Customer, matters: Mapping[Matter, Sequence[UUID]], on: date) -> Customer:
    """The customer, closed; raises WrongState, StillOpen with every matter that is under way.

    One that is only declared is not closed but its declaration refused. A head office closes after
    its branches, a disputed customer when its ruling stands, one whose papers or people are on
    their way when they have arrived.
    """
    if customer.state in (CustomerState.CLOSED, CustomerState.DECLARED):
        raise _wrong(customer, "不能关闭", "cannot be closed")
    waiting = [(each, matters[each]) for each in Matter if matters.get(each)]
    if waiting:
        named: dict[str, Any] = {each.value: [str(id_) for id_ in ids] for each, ids in waiting}
        raise StillOpen(
            "；".join(f"{len(ids)} {WORDS[each][0]}" for each, ids in waiting),
            "; ".join(f"{len(ids)} {WORDS[each][1]}" for each, ids in waiting),
            **named,
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
