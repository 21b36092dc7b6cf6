"""Whether a professional bureau may have a centre is decided from last year's figures (R-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.registry.domain.actors import Actor
from services.registry.domain.centres.specialty_centres import (
    CentreDecision,
    Figures,
    SpecialtyCentres,
    decide,
    require_above,
    require_bureau,
)
from services.registry.storage.centres import centres, organisation
from shared.identifiers import new_id
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DecideSpecialtyCentre:
    """The figures of the year before, from which the decision follows."""

    unit: str
    by: Actor
    figures: Figures
    on: date | None = None


async def handle(work: Work, command: DecideSpecialtyCentre) -> CentreDecision:
    """Store the decision with its inputs and the policy that made it (R-06).

    Raises NotFound, NotASpecialtyBureau, NotAboveTheBureau, RevenueUnreadable.
    """
    on = business_day(command.on, work.today)
    known = await organisation.load(work, command.unit)
    specialty = require_bureau(known.unit, known.specialty)
    above = await organisation.lineage(work, [command.unit, command.by.unit])
    require_above(above, command.by.unit, command.unit)
    policy = await in_force(work, SpecialtyCentres, on)

    decision = decide(
        *(known.unit, specialty, known.division_code, command.figures, policy.body),
        decision_id=new_id(),
        on=on,
    )

    await centres.add_decision(work, decision, command.by.staff_code, policy.reference)
    return decision
