"""Take visits that other systems report: one to a customer not approved waits, one to a customer
that was suspended before is a compliance case, research included (R-20, R-22)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.engagement.domain.visits.expenses import RecordMissing, require_record
from services.engagement.handlers.visits import keep_visits
from services.engagement.handlers.visits.keep_visits import Reported
from services.engagement.handlers.visits.record_visit import RESEARCH
from services.engagement.storage.visits.visit_rows import NewVisit
from shared.clock import business_date
from shared.contracts.enterprise import VisitReported
from shared.directory import compliance, customers
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[VisitReported]]) -> None:
    """Keep those whose customers are known; refuse a claim without a written record (E-25)."""
    reports, business = [], []
    for fact, customer_key in zip(facts, await _customers(work, facts), strict=True):
        if customer_key is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
            continue
        try:
            if fact.data.expense is not None:
                require_record(fact.data.content)
        except RecordMissing as refusal:
            work.refuse(fact, refusal)
            continue
        report = _report(work, fact, customer_key)
        reports.append(report)
        business.append((fact, customer_key, report.visit.visited_on))
    await compliance.notice(work, business)
    if reports:
        await keep_visits.handle(work, reports)


async def _customers(work: Work, facts: Sequence[Fact[VisitReported]]) -> list[UUID | None]:
    """Whom each visit was to; research may go to a customer that is not approved yet."""
    found: dict[int, UUID | None] = {}
    for is_research in (False, True):
        places = [
            place for place, fact in enumerate(facts) if (fact.data.kind == RESEARCH) is is_research
        ]
        references = [facts[place].data.customer for place in places]
        resolved = await customers.resolve(work, references, developed=not is_research)
        found |= dict(zip(places, resolved, strict=True))
    return [found[place] for place in range(len(facts))]


def _report(work: Work, fact: Fact[VisitReported], customer_key: UUID) -> Reported:
    said = fact.data
    visit = NewVisit(
        visit_id=derived_id("visit", fact.system, said.ref),
        customer_key=customer_key,
        source_system=fact.system,
        source_ref=said.ref,
        kind=said.kind,
        channel=said.channel,
        target_level=said.target_person.level,
        target_name=said.target_person.name,
        started_at=said.started_at,
        ended_at=said.ended_at,
        visited_on=business_date(said.started_at, work.zone),
        content=said.content,
        expense=said.expense.amount if said.expense else None,
        recorded_by=None,
        visitors=tuple(dict.fromkeys(said.visitors)),
    )
    return Reported(visit, business_date(fact.time, work.zone))
