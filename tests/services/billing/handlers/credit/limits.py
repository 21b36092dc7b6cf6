"""Limits for tests of what happens at them, and groups that change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.billing.handlers.credit import propose_limit
from services.billing.handlers.credit.propose_limit import ProposeLimit
from services.billing.storage.credit import groups
from shared.contracts.registry import CustomerChanged
from shared.work import Work
from tests.services.billing.books import enter, finish
from tests.support import cast


async def limit(
    work: Work,
    amount: str | None,
    customer: cast.Customer = cast.INSURER,
    effective_on: date | None = None,
) -> None:
    """A limit of the customer's group, decided by two people of the province."""
    asked = None if amount is None else Decimal(amount)
    await enter(work, cast.SALES_DIRECTOR)
    proposal = await propose_limit.handle(
        work, ProposeLimit(customer.key, asked, "年度授信", effective_on)
    )
    await enter(work, cast.PROVINCE_DIRECTOR)
    await propose_limit.decide(work, proposal.proposal_id, "经审核", is_approved=True)
    work.caller = None
    await finish(work)


async def exposure(work: Work, customer: cast.Customer = cast.INSURER) -> Decimal:
    """What the customer's group owes and has reserved."""
    whose = await groups.groups_of(work, [customer.key])
    (standing,) = await groups.standings(work, set(whose.values()), work.today, None)
    return standing.exposure


def under(customer: cast.Customer, head: cast.Customer, version: int) -> CustomerChanged:
    """The customer is a branch of another head office now."""
    changed: Any = replace(customer, head_office=head.code).changed()
    return CustomerChanged.model_validate(
        {
            **changed.model_dump(),
            "entity": {"type": "customer", "id": str(customer.key), "version": version},
        }
    )
