"""What the personnel system reports about staff (R-08); a report about an unknown unit waits."""

from __future__ import annotations

from services.registry.domain.centres.staff import StaffEvent, StaffReport
from services.registry.handlers.centres import report_staff
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.storage.centres import organisation
from shared.contracts.enterprise import StaffAssigned, StaffJoined, StaffLeft
from shared.messaging.cloudevents import Fact
from shared.work import Work


async def joined(work: Work, fact: Fact[StaffJoined]) -> None:
    """Somebody began to work here."""
    if await _knows(work, fact, fact.data.unit):
        await _report(work, fact, StaffReport.JOINED, fact.data.unit, fact.data.roles)


async def assigned(work: Work, fact: Fact[StaffAssigned]) -> None:
    """Somebody works for another unit or in other roles."""
    if await _knows(work, fact, fact.data.unit):
        await _report(work, fact, StaffReport.ASSIGNED, fact.data.unit, fact.data.roles)


async def left(work: Work, fact: Fact[StaffLeft]) -> None:
    """Somebody is gone; the first day without them is `on` (R-52)."""
    await _report(work, fact, StaffReport.LEFT, None, ())


async def _knows(work: Work, fact: Fact[StaffJoined] | Fact[StaffAssigned], unit: str) -> bool:
    await work.refer("unit", [unit])
    known = unit in await organisation.known(work, [unit])
    if not known:
        work.wait(fact, "unit", unit)
    return known


async def _report(
    work: Work,
    fact: Fact[StaffJoined] | Fact[StaffAssigned] | Fact[StaffLeft],
    kind: StaffReport,
    unit: str | None,
    roles: tuple[str, ...],
) -> None:
    said = fact.data
    event = StaffEvent(kind, said.on, fact.system, said.ref, unit, frozenset(roles), said.name)
    await report_staff.handle(work, ReportStaff(said.staff_code, event))
