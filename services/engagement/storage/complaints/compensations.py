"""Compensations, proposed, approved, and as billing answered (E-37)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.engagement.domain.complaints.compensation import Compensation
from services.engagement.storage import tables
from shared.work import Work

_POSTED = """
UPDATE compensations SET posted_on = answer.posted_on
FROM unnest(%s::uuid[], %s::date[]) AS answer (compensation_id, posted_on)
WHERE compensations.compensation_id = answer.compensation_id
"""
_REFUSED = """
UPDATE compensations SET refused_because = answer.reason
FROM unnest(%s::uuid[], %s::text[]) AS answer (compensation_id, reason)
WHERE compensations.compensation_id = answer.compensation_id
"""


async def add(work: Work, compensation: Compensation, on: date) -> None:
    """Keep a proposal of the day `on`."""
    await work.run(
        insert(tables.compensations),
        [
            {
                "compensation_id": compensation.compensation_id,
                "complaint_id": compensation.complaint_id,
                "customer_key": compensation.customer_key,
                "amount": compensation.amount,
                "proposed_by": compensation.proposed_by,
                "proposed_on": on,
                "version": compensation.version,
            }
        ],
    )


async def one(work: Work, compensation_id: UUID) -> Compensation | None:
    """The compensation, locked; None if there is none."""
    row = await work.row(
        "SELECT compensation_id, complaint_id, customer_key, amount, proposed_by, approved_by,"
        " version FROM compensations WHERE compensation_id = :id FOR UPDATE",
        id=compensation_id,
    )
    return Compensation(**row) if row else None


async def page_of_approved(
    work: Work, after: UUID | None, size: int
) -> list[tuple[Compensation, date]]:
    """The `size` approved ones after the ID `after`, each with the day of its approval."""
    rows = await work.rows(
        "SELECT compensation_id, complaint_id, customer_key, amount, proposed_by, approved_by,"
        " version, approved_on FROM compensations WHERE approved_by IS NOT NULL"
        " AND (CAST(:after AS uuid) IS NULL OR compensation_id > :after)"
        " ORDER BY compensation_id LIMIT :size",
        after=after,
        size=size,
    )
    found = [dict(row) for row in rows]
    return [
        (Compensation(**{k: v for k, v in row.items() if k != "approved_on"}), row["approved_on"])
        for row in found
    ]


async def approve(work: Work, compensation: Compensation, on: date) -> None:
    """Keep that it was approved on the day `on`."""
    await work.run(
        "UPDATE compensations SET approved_by = :by, approved_on = :on, version = :version"
        " WHERE compensation_id = :id",
        {
            "id": compensation.compensation_id,
            "by": compensation.approved_by,
            "on": on,
            "version": compensation.version,
        },
    )


async def note_posted(work: Work, posted: Sequence[tuple[UUID, date]]) -> None:
    """Keep on which day billing posted each."""
    await work.bulk(_POSTED, *(list(column) for column in zip(*posted, strict=True)))


async def note_refused(work: Work, refused: Sequence[tuple[UUID, str]]) -> None:
    """Keep why billing refused each."""
    await work.bulk(_REFUSED, *(list(column) for column in zip(*refused, strict=True)))
