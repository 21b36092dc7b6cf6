"""A unit's centre gets its director: the deputy head of the market department (R-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.registry.domain.actors import Actor
from services.registry.domain.centres.centre_names import Centre, CentreOrganisation, set_up
from services.registry.storage.centres import centres, organisation, staff
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class SetUpCentre:
    """Who directs the centre of a unit from `on`; department and post follow from the policy."""

    unit: str
    by: Actor
    director_staff_code: str
    reason: str
    department: str | None = None
    director_post: str | None = None
    on: date | None = None


async def handle(work: Work, command: SetUpCentre) -> Centre:
    """Add the centre's director from that day on (R-02); the unit's row is the lock.

    Raises NotFound, NoCentre (R-04), CentreNotGranted (R-06), WrongDepartment, NotOfThisCentre,
    NotOnDuty.
    """
    on = business_day(command.on, work.today)
    known = await organisation.load(work, command.unit)
    policy = await in_force(work, CentreOrganisation, on)
    director = await staff.on_day(work, command.director_staff_code, on, "/director_staff_code")

    centre = set_up(
        *(known.unit, policy.body, director),
        department=command.department,
        director_post=command.director_post,
        is_granted=await centres.is_granted(work, command.unit, on),
        on=on,
        version=await centres.next_version(work, command.unit),
    )

    await centres.add(work, centre, command.by.staff_code, command.reason, policy.reference)
    return centre
