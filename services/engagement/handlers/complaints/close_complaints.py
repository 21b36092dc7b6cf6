"""Take closings of the desks that raised the cases: history, or cases worked on elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.engagement.domain.complaints.complaints import closed_by_desk, require_result
from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.storage.complaints import complaint_steps, complaints
from services.engagement.storage.complaints.case_rows import KeptCase
from services.engagement.storage.complaints.complaint_steps import CaseStep
from shared.contracts.enterprise import ComplaintClosed
from shared.errors import Refusal
from shared.messaging.cloudevents import Fact
from shared.work import Work

_BY_DESK = "closed-by-desk"
"""What such a case is filed under, if nobody here filed it."""


async def handle(work: Work, facts: list[Fact[ComplaintClosed]]) -> None:
    """Close each case; a closing that comes before its case waits for it.

    Refused is a closing without a result (E-38), or one before the opening.
    """
    cases = await _cases(work, facts)
    closed: list[KeptCase] = []
    steps: list[CaseStep] = []
    for fact in facts:
        kept = cases.get(_source(fact))
        if kept is None:
            work.wait(fact, "complaint", ":".join(_source(fact)))
            continue
        try:
            require_result(fact.data.result)
            case = closed_by_desk(kept.case, _BY_DESK, fact.data.closed_at)
        except Refusal as refusal:
            work.refuse(fact, refusal)
            continue
        if case != kept.case:
            closed.append(replace(kept, case=case))
            steps.append(_step(kept, fact))
    if closed:
        await recompute_clocks.handle(work, closed)
        await complaint_steps.add(work, steps)


async def _cases(
    work: Work, facts: Sequence[Fact[ComplaintClosed]]
) -> dict[tuple[str, str], KeptCase]:
    sources = sorted({_source(fact) for fact in facts})
    found = await complaints.by_source(work, sources)
    if missing := [source for source in sources if source not in found]:
        # Looked up again under the lock of the reference, so that opener and closer cannot miss
        # each other.
        await work.refer("complaint", [":".join(source) for source in missing])
        found |= await complaints.by_source(work, missing)
    kept = {each.case.complaint_id: each for each in await complaints.load(work, [*found.values()])}
    return {source: kept[complaint_id] for source, complaint_id in found.items()}


def _source(fact: Fact[ComplaintClosed]) -> tuple[str, str]:
    return (fact.system, fact.data.ref)


def _step(kept: KeptCase, fact: Fact[ComplaintClosed]) -> CaseStep:
    said = fact.data
    case = kept.case
    return CaseStep(
        case.complaint_id, "closed", said.closed_at, None, case.unit, case.level, said.result
    )
