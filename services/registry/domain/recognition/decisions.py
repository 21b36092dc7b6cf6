"""A recognition is a decision: what was found on a day, and the kind that follows (R-15)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import Invalid

from ..register.customers import Customer, CustomerKind, CustomerState, WrongState
from .assessment import Assessment, Observed, assess
from .criteria import KeyAccountRecognition


@dataclass(frozen=True, slots=True)
class Recognition:
    """Whether a customer is a key account, decided on a day; sequences count per customer."""

    customer_key: UUID
    sequence: int
    decided_on: date
    assessment: Assessment
    inputs: Mapping[str, Observed]
    """What was known, but for the money."""
    figures: Mapping[str, Observed]
    """What was known of the customer's money."""


@dataclass(frozen=True, slots=True)
class Last:
    """The decision that holds until the next one."""

    sequence: int
    decided_on: date
    is_recognised: bool


class DecidedLater(Invalid):
    """A later day was decided about already."""

    code = "decided-later"
    rule = "R-15"
    title_zh = "已有更晚的认定"
    title_en = "Decided later"


def recognise(
    customer: Customer,
    policy: KeyAccountRecognition,
    observed: Mapping[str, Observed],
    *,
    last: Last | None,
    on: date,
) -> tuple[Recognition, Customer]:
    """The decision, and the customer with the kind that follows from it (R-15, R-16, R-17).

    A customer that is no key account keeps its kind and its stage: that alone refuses nobody.
    `last` is the decision before; a new one is of the same day or a later one, so that the last
    always holds. Raises WrongState for a closed customer, DecidedLater.
    """
    if customer.state is CustomerState.CLOSED:
        raise WrongState(
            f"客户已于 {customer.closed_on} 关闭，不再认定",
            f"the customer was closed on {customer.closed_on}: nobody assesses it any more",
            state=customer.state.value,
        )
    if last is not None and on < last.decided_on:
        raise DecidedLater(
            f"该客户已于 {last.decided_on} 认定，不能补记更早的认定",
            f"the customer was assessed on {last.decided_on}: no earlier decision is added",
            pointer="/on",
            decided_on=last.decided_on.isoformat(),
        )
    assessment = assess(policy, observed)
    money = {each.measure for each in policy.measures if each.is_money}
    inputs = {name: found for name, found in observed.items() if name not in money}
    figures = {name: found for name, found in observed.items() if name in money}
    sequence = 1 if last is None else last.sequence + 1
    decision = Recognition(customer.customer_key, sequence, on, assessment, inputs, figures)
    route = assessment.decisive
    if route is None or route.kind == customer.kind.value:
        return decision, customer
    kind = CustomerKind(route.kind)
    return decision, dataclasses.replace(customer, kind=kind, version=customer.version + 1)
