"""What was told of disputes, word for word (R-37)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert

from services.registry.storage import tables
from shared.contracts import catalogue
from shared.contracts.envelope import Published
from shared.work import Work


async def keep(work: Work, facts: Sequence[Published]) -> None:
    """Keep facts whose entity is a dispute."""
    rows = [
        {
            "dispute_id": UUID(fact.entity.id),
            "version": fact.entity.version,
            "customer_key": fact.customer_key,
            "subject": fact.subject,
            "fact": fact.model_dump(mode="json"),
            "recorded_at": work.now,
        }
        for fact in facts
    ]
    if rows:
        await work.run(insert(tables.dispute_facts), rows)


async def of(work: Work, dispute_id: UUID) -> list[Published]:
    """Everything that was told of a dispute, the oldest first."""
    rows = await work.rows(
        "SELECT subject, fact FROM dispute_facts WHERE dispute_id = :id ORDER BY version",
        id=dispute_id,
    )
    return [_fact(row["subject"], row["fact"]) for row in rows]


def _fact(subject: str, said: dict[str, object]) -> Published:
    event = catalogue.by_subject(subject)
    assert event is not None, "only what was told is kept"
    return event.model_validate(said)
