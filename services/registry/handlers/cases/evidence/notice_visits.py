"""Visits by unit, evidence for disputes (R-37), and as contacts of those who went (R-80)."""

from __future__ import annotations

from services.registry.handlers.people import log_contacts
from services.registry.storage.cases import evidence
from shared.contracts.engagement import VisitRecorded
from shared.directory import staff
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[VisitRecorded]]) -> None:
    """Keep which unit visited; without a unit it is the one where the leader works."""
    await log_contacts.visited(work, facts)
    newest = {}
    for fact in sorted(facts, key=lambda fact: fact.data.entity.version):
        newest[fact.data.visit_id] = fact.data
    visits = sorted(newest.values(), key=lambda visit: visit.visit_id)
    placed = [(visit, await _unit(work, visit)) for visit in visits]
    await evidence.keep_visits(work, [(visit, unit) for visit, unit in placed if unit is not None])


async def _unit(work: Work, visit: VisitRecorded) -> str | None:
    if visit.unit is not None:
        return visit.unit
    leader = visit.visitors[0]
    known = (await staff.on_day(work, [leader], visit.occurred_on)).get(leader)
    return None if known is None else known.unit
