"""A change of name, owner, place or presence is applied for in advance, with proof (R-29)."""

from __future__ import annotations

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.proof.changes.applications import (
    Application,
    ChangeKind,
    ChangeRules,
    apply,
)
from services.registry.domain.register.divisions import require_in_force
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation
from services.registry.storage.proof import changes
from services.registry.storage.register import customers
from services.registry.storage.register.divisions import known_divisions
from shared.moments import business_day
from shared.policy import in_force
from shared.work import Work


async def handle(work: Work, application: Application, by: Actor) -> Application:
    """Keep the application of a unit that is responsible for the customer (R-46).

    Raises UnknownCustomer, NotResponsible, ChangeNotForeseen, ProofNotAccepted, NotInAdvance,
    UnknownDivision, RetiredDivision, WrongState, Invalid.
    """
    on = business_day(application.applied_on, work.today)
    customer = await customers.load(work, application.customer_key)
    owners = await ownership.ownerships(work, application.customer_key)
    responsible = [customer.declaring_unit, *customer.joint_units]
    responsible += [owners[-1].owner_unit] if owners else []
    units = await organisation.lineage(work, [by.unit, *responsible])
    policy = await in_force(work, ChangeRules, on)

    require_responsible(by, responsible, units)
    filed = apply(application, customer, policy.body)
    if filed.kind is ChangeKind.LOCATION:
        division = str(filed.wanted.division_code)
        known = await known_divisions(work, [division])
        require_in_force(known, division, filed.effective_on, "/division_code")

    await changes.add(work, filed)
    return filed
