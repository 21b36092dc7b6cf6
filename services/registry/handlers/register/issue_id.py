"""The next ID of a division, or of a head office for its branch (R-31, R-32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.registry.domain.register.customer_ids import (
    CustomerIdLayout,
    Finding,
    HeadOfficeUnregistered,
    compose,
    parse,
)
from services.registry.domain.register.customers import Customer
from services.registry.domain.register.divisions import require_in_force
from services.registry.storage.register import customer_ids, customers
from services.registry.storage.register.divisions import known_divisions
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class IssuedId:
    """An ID and, when numbers run short, a warning (C17)."""

    customer_id: str
    division_digits: int
    warning: Finding | None


async def handle(work: Work, customer: Customer, on: date) -> IssuedId:
    """Take the next number under the lock of its sequence and make it an ID (R-31, R-33).

    The division is checked against the table of the day `on`. Raises UnknownDivision,
    RetiredDivision, NumbersUsedUp, HeadOfficeUnregistered.
    """
    layout = (await in_force(work, CustomerIdLayout, on)).body
    if customer.head_office_key is not None:
        head_office = await customers.load(work, customer.head_office_key)
        if head_office.customer_id is None:
            raise HeadOfficeUnregistered(
                f"总部 {head_office.name} 尚无ID，须先登记总部",
                "the head office has no ID yet; register it first",
                head_office_key=str(head_office.customer_key),
            )
        head = parse(head_office.customer_id, layout)
        branch = await customer_ids.take_branch(work, head.text, layout)
        return IssuedId(
            compose(head.division, head.customer, branch.number, layout),
            layout.division_digits,
            branch.warning,
        )
    divisions = await known_divisions(work, [customer.division_code])
    require_in_force(divisions, customer.division_code, on, "/division_code")
    issued = await customer_ids.take_customer(work, customer.division_code, layout)
    return IssuedId(
        compose(customer.division_code, issued.number, 0, layout),
        layout.division_digits,
        issued.warning,
    )
