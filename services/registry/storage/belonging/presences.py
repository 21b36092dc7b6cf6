"""Who else is concerned with a customer, and when (R-38 to R-43, R-46)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.domain.belonging.jurisdiction import Delegation, Power
from services.registry.domain.belonging.scope import Others, Presence
from services.registry.domain.belonging.timelines import spans
from services.registry.domain.belonging.types import CustomerType
from services.registry.domain.cases.disputes import Dispute
from services.registry.storage.belonging import delegations, types
from shared.work import Work

_ALLOWED = """
SELECT asking_unit AS unit, answered_on AS from_on, until_on FROM marketing_requests
WHERE customer_key = :key AND state = 'agreed' ORDER BY request_id
"""
_INFORMED = """
SELECT informed_unit AS unit, effective_on AS from_on, CAST(NULL AS date) AS until_on FROM routings
WHERE customer_key = :key AND informed_unit IS NOT NULL ORDER BY sequence
"""


async def others(work: Work, customer_key: UUID, disputes: Sequence[Dispute]) -> Others:
    """Everybody who sees something of the customer without owning, managing or disputing it."""
    typed = spans(await types.classifications(work, customer_key))
    operating = [
        Presence(span.held.terms.city, span.from_on, span.until_on)
        for span in typed
        if span.held.type is CustomerType.A and span.held.terms.city is not None
    ]
    serving = [
        Presence(unit, span.from_on, span.until_on)
        for span in typed
        if span.held.type in (CustomerType.B, CustomerType.C)
        for unit in sorted(span.held.terms.units)
    ]
    rows = [
        *(await work.rows(_ALLOWED, key=customer_key)),
        *(await work.rows(_INFORMED, key=customer_key)),
    ]
    return Others(
        operating=tuple(operating),
        concerned=(*serving, *(Presence(**row) for row in rows)),
        judging=tuple(await _judging(work, disputes)),
    )


async def _judging(work: Work, disputes: Sequence[Dispute]) -> list[Presence]:
    """Who rules in the place of the ruling centres; never one of the parties (R-42)."""
    if not disputes:
        return []
    lent = await delegations.by_units_above(work, {each.ruling_unit for each in disputes})
    return [
        Presence(each.to_unit, max(each.from_on, dispute.opened_on), each.last_on)
        for dispute in disputes
        for each in lent.get(dispute.ruling_unit, ())
        if Power.RULE_DISPUTES in each.powers
        and each.to_unit not in dispute.parties
        and _overlap(dispute, each)
    ]


def _overlap(dispute: Dispute, lent: Delegation) -> bool:
    """Whether the dispute was open on a day on which the delegation held."""
    ended_on = dispute.ruled_on or dispute.closed_on or date.max
    return max(dispute.opened_on, lent.from_on) <= min(ended_on, lent.last_on)
