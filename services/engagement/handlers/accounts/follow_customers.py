"""Take what registry and tiering say of customers, and renew what is owed to them.

Every dated version is kept; what was known already changes nothing.
"""

from __future__ import annotations

from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.handlers.obligations import recompute_duties
from services.engagement.storage.accounts import accounts, customer_facts, horizons
from services.engagement.storage.visits import visits
from shared.contracts.registry import (
    CustomerChanged,
    CustomerIdentityChanged,
    ManagersAssigned,
    OwnershipChanged,
    StaffChanged,
    UnitChanged,
)
from shared.contracts.tiering import TierChanged
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def changed(work: Work, facts: list[Fact[CustomerChanged]]) -> None:
    """A customer was approved, suspended, closed or set apart by another class."""
    horizon = await horizons.reached(work)
    told = [fact.data for fact in facts]
    known_on = horizon.reached_on if horizon else work.today
    await recompute_duties.handle(work, await customer_facts.keep_classes(work, told, known_on))


async def merged(work: Work, facts: list[Fact[CustomerIdentityChanged]]) -> None:
    """Customers became one, or two again: visits and limits count for whoever they are (R-81)."""
    told = [fact.data.customer_key for fact in facts]
    await recompute_duties.handle(work, [*await accounts.moved(work), *told])
    await recompute_clocks.of_customers(work, told)


async def tiers(work: Work, facts: list[Fact[TierChanged]]) -> None:
    """A tier was decided: it governs duties and the limits of complaints."""
    customers = await customer_facts.keep_tiers(work, [fact.data for fact in facts])
    await recompute_duties.handle(work, customers)
    await recompute_clocks.of_customers(work, customers)


async def owners(work: Work, facts: list[Fact[OwnershipChanged]]) -> None:
    """Another unit answers for a customer."""
    customers = await customer_facts.keep_owners(work, [fact.data for fact in facts])
    await recompute_duties.handle(work, customers)


async def managers(work: Work, facts: list[Fact[ManagersAssigned]]) -> None:
    """Other managers have a customer; a hand-over that made them may have waited for it (R-52)."""
    customers = await customer_facts.keep_managers(work, [fact.data for fact in facts])
    await recompute_duties.handle(work, customers)
    if customers:
        await work.settle("managers", map(str, customers))


async def staff(work: Work, facts: list[Fact[StaffChanged]]) -> None:
    """Somebody works elsewhere, or as something else: other visits may count."""
    codes = [fact.data.staff_code for fact in facts]
    await recompute_duties.handle(work, await visits.customers_visited_by(work, codes, []))


async def units(work: Work, facts: list[Fact[UnitChanged]]) -> None:
    """A unit became known, or is of another level or kind: its people's visits may count."""
    codes = [fact.data.unit for fact in facts]
    await recompute_duties.handle(work, await visits.customers_visited_by(work, [], codes))
