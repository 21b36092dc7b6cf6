"""billing's answers to approved compensations (E-37)."""

from __future__ import annotations

from services.engagement.storage.complaints import compensations
from shared.contracts.billing import CompensationPosted, CompensationRefused
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def posted(work: Work, facts: list[Fact[CompensationPosted]]) -> None:
    """Keep on which day each was posted."""
    await compensations.note_posted(
        work, sorted((fact.data.compensation_id, fact.data.posted_on) for fact in facts)
    )


async def refused(work: Work, facts: list[Fact[CompensationRefused]]) -> None:
    """Keep why each was refused."""
    await compensations.note_refused(
        work, sorted((fact.data.compensation_id, fact.data.reason) for fact in facts)
    )
