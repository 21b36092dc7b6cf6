"""Short stories that handler tests begin with: revenue, owners, denominators, a scoring."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.tiering.domain.scoring.runs import Run
from services.tiering.domain.tiers.proposals import Proposal
from services.tiering.handlers.inputs import follow_ownership, post_revenue, report_unit_revenue
from services.tiering.handlers.scoring import run_scores
from services.tiering.handlers.scoring.run_scores import StartRun
from services.tiering.storage.tiers import proposals
from shared.work import Work
from tests.services.tiering.events import owned, posted, reported_revenue
from tests.support import cast
from tests.support.facts import published, reported, said

POST_2005 = "guangdong-post-2005"
POST_2012 = "city-post-2012"
GZ_REVENUE = "400000000.00"
"""The city bureau's revenue of 2025: three per mille are 1 200 000 yuan."""


async def earn(work: Work, amounts: dict[cast.Customer, str], on: date = date(2025, 6, 15)) -> None:
    """Revenue of customers on one day; the same customer and day again is the same posting."""
    facts = [
        published(posted(f"{customer.code} {on}", customer.key, amount, on=on))
        for customer, amount in amounts.items()
    ]
    await post_revenue.handle(work, facts)


async def restate(
    work: Work, customer: cast.Customer, amount: str, version: int, on: date = date(2025, 6, 15)
) -> None:
    """What `earn` posted is corrected."""
    event = posted(f"{customer.code} {on}", customer.key, amount, on=on, version=version)
    await post_revenue.handle(work, [published(event)])


async def own(work: Work, *customers: cast.Customer) -> None:
    """Everybody is owned by the unit that the cast says."""
    facts = [published(owned(customer)) for customer in customers or cast.CUSTOMERS]
    await follow_ownership.handle(work, facts)


async def report_city(
    work: Work, amount: str = GZ_REVENUE, ref: str = "UR-1", on: date = date(2026, 1, 10)
) -> None:
    """Guangzhou reports its revenue of 2025."""
    event = reported_revenue(ref, amount, on=on)
    await report_unit_revenue.handle(work, [reported(event, system="finance")])


async def run(
    work: Work,
    scheme: str = POST_2012,
    *,
    period: str | None = "2025",
    cut_off: date | None = None,
) -> Run:
    """Score a period as the province would, for everybody."""
    return await run_scores.start(
        work, StartRun(scheme, period, cut_off, None, cast.MARKET_DEPARTMENT.code)
    )


async def open_proposals(work: Work) -> dict[UUID, Proposal]:
    """What nobody has decided yet, by customer."""
    return {each.customer_key: each for each in await proposals.open_after(work, None, 1000)}


async def published_facts(work: Work, kind: str) -> list[dict[str, object]]:
    """The data of the facts of one kind that the work has published, in order."""
    return [
        fact.model_dump(mode="json") for fact in said(work) if fact.subject.split(".")[2] == kind
    ]
