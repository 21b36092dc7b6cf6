"""What changed hands by hand-overs of registry, and what was answered to each version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.engagement.storage import tables
from shared.contracts.engagement import HandoverApplied
from shared.work import Work


@dataclass(frozen=True)
class Moved:
    """One case that changed hands."""

    complaint_id: UUID
    customer_key: UUID | None
    from_staff_code: str
    to_staff_code: str


async def hold(work: Work, handover_id: UUID) -> None:
    """Let one work at a time apply versions of the hand-over."""
    await work.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('handover ' || :id, 0))",
        {"id": str(handover_id)},
    )


async def newest_answered(work: Work, handover_id: UUID) -> int:
    """The highest version that was answered; 0: none."""
    found: int = await work.value(
        "SELECT coalesce(max(version), 0) FROM handover_answers WHERE handover_id = :id",
        id=handover_id,
    )
    return found


async def is_answered(work: Work, handover_id: UUID, version: int) -> bool:
    """Whether that very version was answered."""
    return bool(
        await work.value(
            "SELECT EXISTS (SELECT FROM handover_answers"
            " WHERE handover_id = :id AND version = :version)",
            id=handover_id,
            version=version,
        )
    )


async def keep_answer(work: Work, answer: HandoverApplied, moved: Sequence[Moved]) -> None:
    """Keep what is being answered, and which cases changed hands by it."""
    said = answer.model_dump(mode="json")
    await work.run(
        insert(tables.handover_answers).values(
            handover_id=answer.handover_id,
            version=answer.handover_version,
            applied_on=answer.applied_on,
            moved=said["moved"],
            exceptions=said["exceptions"],
            recorded_at=work.now,
        )
    )
    rows = [
        {
            "handover_id": answer.handover_id,
            "version": answer.handover_version,
            "complaint_id": each.complaint_id,
            "customer_key": each.customer_key,
            "from_staff_code": each.from_staff_code,
            "to_staff_code": each.to_staff_code,
            "recorded_at": work.now,
        }
        for each in moved
    ]
    if rows:
        await work.run(insert(tables.handover_moves), rows)


async def last_moved(work: Work, handover_id: UUID) -> dict[UUID, str]:
    """To whom earlier versions of the hand-over gave which cases."""
    rows = await work.rows(
        "SELECT DISTINCT ON (complaint_id) complaint_id, to_staff_code FROM handover_moves"
        " WHERE handover_id = :id ORDER BY complaint_id, version DESC",
        id=handover_id,
    )
    return {row["complaint_id"]: row["to_staff_code"] for row in rows}


async def open_cases_of(work: Work, staff_codes: Sequence[str]) -> list[UUID]:
    """Cases not closed that any of these people has in hand, sorted."""
    rows = await work.rows(
        "SELECT complaint_id FROM complaints WHERE handler = ANY(:codes) AND state <> 'closed'"
        " ORDER BY complaint_id",
        codes=list(staff_codes),
    )
    return [row["complaint_id"] for row in rows]


async def managers_known(work: Work, customer_keys: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    """The newest known version of each customer's managers, and the phase it says."""
    rows = await work.rows(
        "SELECT DISTINCT ON (customer_key) customer_key, version, phase FROM managers"
        " WHERE customer_key = ANY(:keys) ORDER BY customer_key, version DESC",
        keys=list(customer_keys),
    )
    return {row["customer_key"]: (row["version"], row["phase"]) for row in rows}
