"""Where a customer is now: the ID is for life, the division is not (C18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from shared.errors import Conflict

from .customers import Customer, CustomerState, WrongState
from .divisions import Division


class SameDivision(Conflict):
    """The customer is there already."""

    code = "same-division"
    rule = "C18"
    title_zh = "行政区划未变"
    title_en = "Same division"


@dataclass(frozen=True, slots=True)
class Move:
    """From one division to another on a day; `version` is the customer's that it made."""

    version: int
    from_division: str
    to_division: str
    on: date
    reason: str
    moved_by: str


def move(
    customer: Customer, division: Division, *, on: date, reason: str, by: str
) -> tuple[Customer, Move]:
    """The customer in `division`, which must be in force; its ID stays (C18, R-33).

    Raises WrongState for a closed customer, SameDivision.
    """
    if customer.state is CustomerState.CLOSED:
        raise WrongState(
            "客户已关闭，不再迁移",
            "the customer is closed and moves no more",
            customer_key=str(customer.customer_key),
            state=customer.state.value,
        )
    if customer.division_code == division.code:
        raise SameDivision(
            f"客户已在 {division.code}",
            f"the customer is in {division.code} already",
            pointer="/division_code",
            division=division.code,
        )
    moved = replace(customer, division_code=division.code, version=customer.version + 1)
    step = Move(moved.version, customer.division_code, division.code, on, reason, by)
    return moved, step
