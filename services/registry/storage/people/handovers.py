"""Hand-overs, their lines, the marks on their checklists and what the services answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from services.registry.domain.people.handovers import (
    Handover,
    HandoverReason,
    HandoverState,
    Line,
    MarkKind,
)
from services.registry.domain.people.succession import Pair, Place
from services.registry.storage import tables
from shared.errors import NotFound
from shared.work import Work

_CURRENT_LINES = """
SELECT DISTINCT ON (customer_key) * FROM handover_lines WHERE handover_id = :id
ORDER BY customer_key, version DESC
"""


class UnknownHandover(NotFound):
    """No hand-over of that ID, or none that the caller may see."""

    code = "unknown-handover"
    title_zh = "移交单不存在"
    title_en = "Unknown hand-over"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered to one version of a hand-over."""

    service: str
    version: int
    applied_on: date
    moved: Sequence[dict[str, Any]]
    exceptions: Sequence[dict[str, Any]]


async def load(work: Work, handover_id: UUID) -> Handover:
    """The hand-over, held until the work ends; raises UnknownHandover."""
    row = await work.row(
        "SELECT * FROM handovers WHERE handover_id = :id FOR UPDATE", id=handover_id
    )
    if row is None:
        raise UnknownHandover(f"没有移交单 {handover_id}", f"there is no hand-over {handover_id}")
    return handover_from(row)


def handover_from(row: RowMapping) -> Handover:
    """The hand-over that a row of the table says."""
    fields = {name: row[name] for name in Handover.__dataclass_fields__}
    fields["reason"] = HandoverReason(row["reason"])
    fields["state"] = HandoverState(row["state"])
    return Handover(**fields)


async def keep(work: Work, handover: Handover) -> None:
    """Add the hand-over, or give it its newest state."""
    values = {name: getattr(handover, name) for name in Handover.__dataclass_fields__}
    values |= {
        "reason": handover.reason.value,
        "state": handover.state.value,
        "recorded_at": work.now,
    }
    statement = upsert(tables.handovers).values(values)
    await work.run(statement.on_conflict_do_update(index_elements=["handover_id"], set_=values))


async def add_lines(work: Work, handover_id: UUID, lines: Iterable[Line]) -> None:
    """Add lines, or newer versions of lines."""
    rows = [
        {
            "handover_id": handover_id,
            "customer_key": line.customer_key,
            "version": line.version,
            "place": line.place.value,
            "a_before": line.before.a,
            "b_before": line.before.b,
            "a_after": line.after.a,
            "b_after": line.after.b,
            "successor": line.successor,
            "named_by": line.named_by,
            "managers_version": line.managers_version,
            "digest_before": dict(line.digest_before),
            "digest_after": dict(line.digest_after),
            "recorded_at": work.now,
        }
        for line in lines
    ]
    if rows:
        await work.run(insert(tables.handover_lines), rows)


async def lines(work: Work, handover_id: UUID) -> dict[UUID, Line]:
    """The newest line of every customer, by customer key."""
    rows = await work.rows(_CURRENT_LINES, id=handover_id)
    return {row["customer_key"]: line_from(row) for row in rows}


def line_from(row: RowMapping) -> Line:
    """The line that a row of the table says."""
    return Line(
        customer_key=row["customer_key"],
        version=row["version"],
        place=Place(row["place"]),
        before=Pair(row["a_before"], row["b_before"]),
        after=Pair(row["a_after"], row["b_after"]),
        successor=row["successor"],
        named_by=row["named_by"],
        managers_version=row["managers_version"],
        digest_before=row["digest_before"],
        digest_after=row["digest_after"],
    )


async def add_mark(
    work: Work,
    handover_id: UUID,
    kind: MarkKind,
    customer_key: UUID | None,
    on: date,
    by: str,
    words: str | None,
) -> None:
    """Tick something off the checklist; the hand-over is held."""
    number = await work.value(
        "SELECT coalesce(max(number), 0) + 1 FROM handover_marks WHERE handover_id = :id",
        id=handover_id,
    )
    await work.run(
        insert(tables.handover_marks).values(
            handover_id=handover_id,
            number=number,
            kind=kind.value,
            customer_key=customer_key,
            on=on,
            marked_by=by,
            words=words,
            recorded_at=work.now,
        )
    )


async def add_answer(work: Work, handover_id: UUID, answer: Answer) -> bool:
    """Keep what a service answered; False when it had answered that version before."""
    statement = upsert(tables.handover_answers).values(
        handover_id=handover_id,
        version=answer.version,
        service=answer.service,
        applied_on=answer.applied_on,
        moved=list(answer.moved),
        exceptions=list(answer.exceptions),
        recorded_at=work.now,
    )
    kept = await work.run(
        statement.on_conflict_do_nothing().returning(tables.handover_answers.c.service)
    )
    return kept.first() is not None


async def answers(work: Work, handover_id: UUID, version: int) -> list[Answer]:
    """What the services answered to `version`, by service."""
    rows = await work.rows(
        "SELECT service, version, applied_on, moved, exceptions FROM handover_answers"
        " WHERE handover_id = :id AND version = :version ORDER BY service",
        id=handover_id,
        version=version,
    )
    return [Answer(**row) for row in rows]


async def departure_since(work: Work, staff_code: str, since_on: date) -> UUID | None:
    """The hand-over of the person's departure on or after `since_on`, if there is one."""
    found: UUID | None = await work.value(
        "SELECT handover_id FROM handovers WHERE from_staff_code = :code AND reason = 'departure'"
        " AND effective_on >= :since ORDER BY effective_on DESC, handover_id DESC LIMIT 1",
        code=staff_code,
        since=since_on,
    )
    return found


async def had_after_sales(work: Work, customer_key: UUID) -> bool:
    """Whether the customer was ever handed to after-sales staff (R-51)."""
    return bool(
        await work.value(
            "SELECT EXISTS (SELECT FROM handover_lines JOIN handovers USING (handover_id)"
            " WHERE customer_key = :key AND reason = 'after-sales')",
            key=customer_key,
        )
    )
