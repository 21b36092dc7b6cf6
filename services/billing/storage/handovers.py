"""What successors take over with a customer, and what was answered to each hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.billing.storage.tables.handovers import handover_answers
from shared.contracts.billing import HandoverApplied
from shared.work import Work

_HELD = """
WITH meant AS (
    SELECT customer_key FROM unnest(%s::uuid[]) AS named (customer_key)
    UNION
    SELECT other.customer_key FROM kit.identities own
    JOIN kit.identities other ON other.root = own.root
    WHERE own.customer_key = ANY(%s::uuid[])
)
SELECT (SELECT count(DISTINCT charge_id) FROM items JOIN meant USING (customer_key)
        WHERE paid < amount),
       (SELECT count(*) FROM deposits JOIN meant USING (customer_key) WHERE state = 'taken')
"""

_COLLECTED = """
SELECT case_id FROM compliance_cases
WHERE collected_by = %s::text AND customer_key = ANY(%s::uuid[]) ORDER BY case_id
"""


@dataclass(frozen=True)
class Held:
    """What is open of some customers: charges not paid in full, deposits that are held."""

    receivables: int
    deposits: int


async def held(work: Work, customer_keys: Sequence[UUID]) -> Held:
    """What is open of these customers, and of those merged with them."""
    ((receivables, deposits),) = await work.bulk(_HELD, list(customer_keys), list(customer_keys))
    return Held(receivables, deposits)


async def collected_by(work: Work, staff_code: str, customer_keys: Sequence[UUID]) -> list[UUID]:
    """Compliance cases of these customers about money that went to `staff_code` in person."""
    rows = await work.bulk(_COLLECTED, staff_code, list(customer_keys))
    return [case_id for (case_id,) in rows]


async def is_answered(work: Work, handover_id: UUID, version: int) -> bool:
    """Whether that version was answered; whoever asks comes alone until the work ends."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('handover ' || :id, 0))",
        {"id": str(handover_id)},
    )
    return bool(
        await work.value(
            "SELECT EXISTS (SELECT FROM handover_answers"
            " WHERE handover_id = :id AND version = :version)",
            id=handover_id,
            version=version,
        )
    )


async def keep_answer(work: Work, answer: HandoverApplied) -> None:
    """Keep what is being answered."""
    said = answer.model_dump(mode="json")
    await work.run(
        insert(handover_answers).values(
            handover_id=answer.handover_id,
            version=answer.handover_version,
            applied_on=answer.applied_on,
            moved=said["moved"],
            exceptions=said["exceptions"],
            recorded_at=work.now,
        )
    )
