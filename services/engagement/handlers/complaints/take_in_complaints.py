"""Take complaints that other systems raise (E-37, E-40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.engagement.domain.complaints.complaints import taken_in
from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.storage.complaints import complaint_steps
from services.engagement.storage.complaints.case_rows import KeptCase, Origin
from services.engagement.storage.complaints.complaint_steps import CaseStep
from shared.contracts.enterprise import ComplaintRaised
from shared.directory import customers
from shared.identifiers import derived_id
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, facts: list[Fact[ComplaintRaised]]) -> None:
    """Open a case for each; one about a customer nobody knows waits until somebody does.

    Without a customer it is a case all the same. Closings that waited for it run afterwards.
    """
    keys = await _customers(work, facts)
    known = [
        (fact, keys.get(place))
        for place, fact in enumerate(facts)
        if fact.data.customer is None or keys.get(place) is not None
    ]
    for place, fact in enumerate(facts):
        if fact.data.customer is not None and keys.get(place) is None:
            work.wait(fact, "customer", customers.reference_key(fact.data.customer))
    if not known:
        return
    cases = [_case(work, fact, customer_key) for fact, customer_key in known]
    await recompute_clocks.handle(work, cases, [fact.data.text for fact, _ in known])
    await complaint_steps.add(work, [_opened(kept) for kept in cases])
    await work.settle("complaint", [f"{fact.system}:{fact.data.ref}" for fact, _ in known])


async def _customers(work: Work, facts: Sequence[Fact[ComplaintRaised]]) -> dict[int, UUID | None]:
    """Whom each complaint is by, in whatever state: anybody may complain."""
    places = [place for place, fact in enumerate(facts) if fact.data.customer is not None]
    references = [fact.data.customer for fact in facts if fact.data.customer is not None]
    resolved = await customers.resolve(work, references, developed=False)
    return dict(zip(places, resolved, strict=True))


def _case(work: Work, fact: Fact[ComplaintRaised], customer_key: UUID | None) -> KeptCase:
    said = fact.data
    complaint_id = derived_id("complaint", fact.system, said.ref)
    disputed = said.disputed
    case = taken_in(complaint_id, said.kind.value, customer_key, said.occurred_at)
    return KeptCase(
        case=replace(case, unit=said.unit),
        origin=Origin(
            channel=said.channel,
            recorded_at=work.now,
            category=said.category,
            source_system=fact.system,
            source_ref=said.ref,
            disputed=(disputed.system, disputed.type, disputed.ref) if disputed else None,
        ),
    )


def _opened(kept: KeptCase) -> CaseStep:
    case = kept.case
    return CaseStep(case.complaint_id, "opened", case.opened_at, unit=case.unit)
