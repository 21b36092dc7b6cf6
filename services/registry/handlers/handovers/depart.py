"""Somebody has left: ONE hand-over for all customers (R-52)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.registry.domain.belonging import timelines
from services.registry.domain.centres.staff import StaffState
from services.registry.domain.people.handovers import (
    HandoverReason,
    HandoverRules,
    HandoverState,
)
from services.registry.handlers.handovers import end_access, rules, start
from services.registry.handlers.handovers.publishing import handover_started
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.handovers.succession import due_on
from services.registry.handlers.publishing import tell
from services.registry.storage.archive import leavers
from services.registry.storage.centres import staff
from services.registry.storage.people import handovers, managers
from shared.policy import in_force
from shared.work import Work


async def handle(work: Work, staff_code: str) -> UUID | None:
    """Hand over what the person, who is held, manages and has, if gone by today; which one it is.

    Permissions end at once. None when the person is here, or has nothing that is not on the list
    yet, or when the site has no rules. What is found later joins the same list, as a newer version.
    """
    states = await staff.published(work, staff_code)
    present = timelines.in_force(states, work.today)
    if present is None or present.member.state is not StaffState.LEFT:
        return None
    await end_access.handle(work, staff_code)
    if await rules.known(work) is None:
        return None
    begun_on = max(
        (s.effective_on for s in states if s.member.state is StaffState.ACTIVE), default=date.min
    )
    known = await handovers.departure_since(work, staff_code, begun_on)
    listed = await handovers.lines(work, known) if known else {}
    managed = await managers.managed_by(work, staff_code)
    customers = tuple(key for key in managed if key not in listed)
    has_more = known is None and bool(await leavers.in_hand(work, staff_code))
    if not customers and not has_more:
        return None
    command = StartHandover(staff_code, HandoverReason.DEPARTURE, customers)
    if known is None:
        return (await start.handle(work, command)).handover_id
    await _join(work, known, command)
    return known


async def due(work: Work, on: date) -> int:
    """Start the hand-overs of those who have left by `on` and still manage or have something.

    How many were started.
    """
    found = 0
    left = {*await managers.left_behind(work), *await leavers.unfinished(work)}
    for staff_code in sorted(left):
        await staff.lock(work, staff_code)
        found += await handle(work, staff_code) is not None
    return found


async def _join(work: Work, handover_id: UUID, command: StartHandover) -> None:
    rules_now = await in_force(work, HandoverRules, work.today)
    handover = await handovers.load(work, handover_id)
    again = replace(
        handover,
        version=handover.version + 1,
        state=HandoverState.STARTED,
        due_on=due_on(work.today, rules_now.body.answer_days),
        overdue_on=None,
        completed_on=None,
    )
    lines = await start.lines_of(work, command, rules_now, again.version)
    await handovers.keep(work, again)
    await handovers.add_lines(work, handover_id, lines)
    everybody = (await handovers.lines(work, handover_id)).values()
    await tell(work, handover_started(again, everybody))
