"""A recognition is a decision: what was found on a day, and the kind that follows (R-15)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..register.customers import Customer, CustomerKind, CustomerState, WrongState
from .criteria import Assessment, KeyAccountRecognition, Observed, assess


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


def recognise(
    customer: Customer,
    policy: KeyAccountRecognition,
    observed: Mapping[str, Observed],
    *,
    sequence: int,
    on: date,
) -> tuple[Recognition, Customer]:
    """The decision, and the customer with the kind that follows from it (R-15, R-16, R-17).

    A customer that is no key account keeps its kind and its stage: that alone refuses nobody.
    Raises WrongState for a closed customer.
    """
    if customer.state is CustomerState.CLOSED:
        raise WrongState(
            f"客户已于 {customer.closed_on} 关闭，不再认定",
            f"the customer was closed on {customer.closed_on}: nobody assesses it any more",
            state=customer.state.value,
        )
    assessment = assess(policy, observed)
    money = {each.measure for each in policy.measures if each.is_money}
    inputs = {name: found for name, found in observed.items() if name not in money}
    figures = {name: found for name, found in observed.items() if name in money}
    decision = Recognition(customer.customer_key, sequence, on, assessment, inputs, figures)
    route = assessment.decisive
    if route is None or route.kind == customer.kind.value:
        return decision, customer
    kind = CustomerKind(route.kind)
    return decision, dataclasses.replace(customer, kind=kind, version=customer.version + 1)
