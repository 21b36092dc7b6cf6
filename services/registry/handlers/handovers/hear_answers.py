"""Engagement and billing answer a hand-over; with both it is complete (R-52)."""

from __future__ import annotations

from dataclasses import replace

from services.registry.domain.people.handovers import HandoverState, is_complete
from services.registry.handlers.handovers.publishing import handover_completed
from services.registry.handlers.publishing import tell
from services.registry.storage.people import handovers
from services.registry.storage.people.handovers import Answer
from shared.contracts.envelope import HandoverResult
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def handle(work: Work, fact: Fact[HandoverResult]) -> None:
    """Keep the answer to its version; the version in force is complete when both have answered.

    A repetition changes nothing, and neither does an answer to an older version. Raises
    UnknownHandover.
    """
    said = fact.data
    handover = await handovers.load(work, said.handover_id)
    answer = Answer(
        service=fact.system,
        version=said.handover_version or 1,
        applied_on=said.applied_on,
        moved=[each.model_dump(mode="json") for each in said.moved],
        exceptions=[each.model_dump(mode="json") for each in said.exceptions],
    )
    if not await handovers.add_answer(work, handover.handover_id, answer):
        return
    lines = (await handovers.lines(work, handover.handover_id)).values()
    answers = await handovers.answers(work, handover.handover_id, handover.version)
    is_done = is_complete(lines, {each.service for each in answers})
    if handover.state is HandoverState.COMPLETED or not is_done:
        return
    complete = replace(
        handover,
        state=HandoverState.COMPLETED,
        completed_on=max(each.applied_on for each in answers),
    )
    await handovers.keep(work, complete)
    await tell(work, handover_completed(complete, answers))
