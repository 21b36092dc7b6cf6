"""What a unit must know of a customer, and who has taken note of it (R-43, R-46)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from services.registry.storage import tables
from shared.errors import NotFound
from shared.identifiers import new_id
from shared.work import Work

ROUTED, MARKETING_ASKED, MARKETING_ANSWERED = "routed", "marketing-asked", "marketing-answered"


class UnknownNotice(NotFound):
    """No such notice, or none for the caller's unit."""

    code = "unknown-notice"
    title_zh = "告知不存在"
    title_en = "Unknown notice"


async def add(
    work: Work, unit: str, customer_key: UUID, kind: str, subject_id: UUID | None, on: date
) -> None:
    """Let `unit` know; `subject_id` is the request that it is about, if it is one."""
    await work.run(
        insert(tables.notices).values(
            notice_id=new_id(),
            unit=unit,
            customer_key=customer_key,
            kind=kind,
            subject_id=subject_id,
            noticed_on=on,
            recorded_at=work.now,
        )
    )


async def take_note(work: Work, notice_id: UUID, unit: str, by: str, on: date) -> None:
    """Keep who of `unit` has read the notice first; raises UnknownNotice."""
    found = await work.run(
        "UPDATE notices SET read_by = coalesce(read_by, :by), read_on = coalesce(read_on, :on)"
        " WHERE notice_id = :id AND unit = :unit",
        {"id": notice_id, "unit": unit, "by": by, "on": on},
    )
    if found.rowcount != 1:
        raise UnknownNotice(
            f"没有给 {unit} 的告知 {notice_id}", f"there is no notice {notice_id} for {unit}"
        )
