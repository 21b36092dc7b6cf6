"""Who read the words of which visit or case."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy import insert

from services.engagement.storage import tables
from shared.identifiers import new_id
from shared.work import Work


async def note(work: Work, kind: Literal["visit", "complaint"], subject_id: UUID) -> None:
    """Note that the caller reads the words of this visit or case now."""
    await work.run(
        insert(tables.disclosures),
        [
            {
                "disclosure_id": new_id(),
                "kind": kind,
                "subject_id": subject_id,
                "staff_code": work.person.staff_code,
                "read_at": work.now,
            }
        ],
    )
