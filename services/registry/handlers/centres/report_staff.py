"""Somebody joined, was assigned or left: the career is folded again and told (R-08)."""

from __future__ import annotations

from dataclasses import dataclass

from services.registry.domain.centres.staff import (
    StaffEvent,
    StaffReport,
    career_of,
    require_known_roles,
    to_publish,
)
from services.registry.handlers.belonging import refresh_scope
from services.registry.handlers.handovers import depart
from services.registry.handlers.publishing import staff_changed, tell
from services.registry.storage.centres import organisation, staff
from services.registry.storage.people import managers
from services.registry.storage.register import customers
from shared.work import Work


@dataclass(frozen=True, slots=True)
class ReportStaff:
    """One report about one person."""

    staff_code: str
    event: StaffEvent


async def handle(work: Work, command: ReportStaff) -> None:
    """Keep the report and publish whatever it changes, on whichever day (R-08).

    The unit must be known (UnknownUnit), the roles too (UnknownRole). The customers whom the person
    manages are seen by the new unit from that day on; what waited for the person runs. Who has left
    hands everything over at once (R-52).
    """
    event = command.event
    require_known_roles(event.roles)
    if event.unit is not None:
        (await organisation.lineage(work, [event.unit])).unit(event.unit)
    await staff.lock(work, command.staff_code)
    await staff.report(work, command.staff_code, event)
    career = career_of(command.staff_code, await staff.reports(work, command.staff_code))
    changes = to_publish(career, await staff.published(work, command.staff_code))
    await staff.add(work, changes)
    await tell(work, *(staff_changed(change) for change in changes))
    if changes:
        await work.settle("staff", [command.staff_code])
        await _refresh_customers(work, command.staff_code)
    if event.kind is StaffReport.LEFT:
        await depart.handle(work, command.staff_code)


async def _refresh_customers(work: Work, staff_code: str) -> None:
    for customer_key in await managers.customers_of(work, [staff_code]):
        await customers.load(work, customer_key)
        await refresh_scope.handle(work, customer_key)
