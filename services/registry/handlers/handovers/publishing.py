"""Hand-overs as facts: staff codes and counts, nobody's name (R-52)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.registry.domain.people.handovers import Handover, Line
from services.registry.domain.people.succession import Pair
from services.registry.storage.people.handovers import Answer
from shared.contracts import registry as facts
from shared.contracts.envelope import Entity


def handover_started(handover: Handover, lines: Iterable[Line]) -> facts.HandoverStarted:
    """A hand-over as it stands, with everybody who has a successor."""
    return facts.HandoverStarted(
        entity=_entity(handover),
        handover_id=handover.handover_id,
        from_staff_code=handover.from_staff_code,
        reason=handover.reason.value,
        customers=tuple(
            facts.Succession(
                customer_key=line.customer_key,
                successor=line.successor,
                before=_pair(line.before),
                after=_pair(line.after),
                managers_version=line.managers_version,
            )
            for line in sorted(lines, key=lambda line: line.customer_key)
            if line.successor is not None
        ),
        effective_on=handover.effective_on,
        due_on=handover.due_on,
    )


def handover_completed(handover: Handover, answers: Sequence[Answer]) -> facts.HandoverCompleted:
    """Every service has answered the version in force."""
    assert handover.completed_on is not None, "only a complete hand-over is told"
    return facts.HandoverCompleted(
        entity=_entity(handover),
        handover_id=handover.handover_id,
        from_staff_code=handover.from_staff_code,
        answers=tuple(
            facts.HandoverAnswer(
                service=answer.service,
                moved=sum(each["count"] for each in answer.moved),
                exceptions=len(answer.exceptions),
            )
            for answer in answers
        ),
        completed_on=handover.completed_on,
    )


def _entity(handover: Handover) -> Entity:
    return Entity(type="handover", id=str(handover.handover_id), version=handover.version)


def _pair(pair: Pair) -> facts.ManagerPair:
    return facts.ManagerPair(a_staff_code=pair.a, b_staff_code=pair.b)
