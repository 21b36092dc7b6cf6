"""Something on the checklist is done: the customer was told, the documents are back (R-52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.domain.people.handovers import MarkKind, require_line, require_returned
from services.registry.storage.archive import leavers
from services.registry.storage.people import handovers
from shared.moments import business_day
from shared.work import Work


@dataclass(frozen=True, slots=True)
class TickOff:
    """What was done, on which day, by whom; without a customer it is the whole hand-over's."""

    handover_id: UUID
    kind: MarkKind
    by: str
    customer_key: UUID | None = None
    on: date | None = None
    words: str | None = None


async def handle(work: Work, command: TickOff) -> None:
    """Keep what was done; a second time is kept beside the first.

    Raises UnknownHandover, NoSuchLine, StillInHand, InTheFuture.
    """
    on = business_day(command.on, work.today)
    handover = await handovers.load(work, command.handover_id)
    if command.customer_key is not None:
        require_line(await handovers.lines(work, handover.handover_id), command.customer_key)
    if command.kind is MarkKind.DOCUMENTS:
        left_with = await leavers.in_hand(work, handover.from_staff_code)
        require_returned(handover.reason, left_with)
    await handovers.add_mark(
        *(work, handover.handover_id, command.kind, command.customer_key),
        *(on, command.by, command.words),
    )
