"""Revenue by place: evidence for disputes, and the reason for one when it arises elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.registry.domain.belonging.ownership import Contested, elsewhere, require_owner
from services.registry.domain.belonging.timelines import in_force as dated
from services.registry.domain.cases.disputes import DisputeCause, DisputeRules
from services.registry.handlers.belonging import renew_split
from services.registry.handlers.cases import open_dispute
from services.registry.storage.belonging import bases, ownership
from services.registry.storage.cases import evidence
from services.registry.storage.centres import organisation
from services.registry.storage.register import customers
from shared.contracts.billing import RevenuePosted
from shared.messaging.cloudevents import Fact
from shared.policy import in_force
from shared.work import Work


async def handle(work: Work, facts: list[Fact[RevenuePosted]]) -> None:
    """Keep where revenue arose; open a dispute for what outgrew the owner's territory (R-37)."""
    newest: dict[object, RevenuePosted] = {}
    for fact in sorted(facts, key=lambda fact: fact.data.entity.version):
        newest[fact.data.posting_id] = fact.data
    postings = sorted(newest.values(), key=lambda posting: posting.posting_id)
    touched = await evidence.keep_revenue(work, postings)
    rules = await in_force(work, DisputeRules, work.today)
    await renew_split.each(work, await bases.measured_by_revenue(work, touched), work.today)
    outside = await evidence.revenue_elsewhere(work, touched, rules.body.elsewhere_minimum)
    for customer_key in sorted(outside):
        await _contest(work, customer_key, outside[customer_key])


async def _contest(work: Work, customer_key: UUID, places: Sequence[str]) -> None:
    customer = await customers.load(work, customer_key)
    owner = require_owner(await ownership.ownerships(work, customer_key)).owner_unit
    split = dated(await ownership.splits(work, customer_key), work.today)
    settled = [*customer.joint_units, *(split.units if split is not None else ())]
    units = await organisation.lineage(work, [owner, *settled, *places])
    known = [place for place in places if units.knows(place)]

    business = elsewhere(units, owner, settled, known)

    if isinstance(business, Contested):
        cause = DisputeCause.BUSINESS_ELSEWHERE
        await open_dispute.because_of(work, customer, business.claimants, cause)
