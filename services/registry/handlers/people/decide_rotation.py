"""A director accepts a rotation with a successor, or postpones it with a reason (R-50, C22)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.people.handovers import HandoverReason
from services.registry.domain.people.rotations import (
    ManagerRotation,
    RotationState,
    accept,
    bridge_until,
    postpone,
)
from services.registry.domain.people.succession import pair_of
from services.registry.handlers.handovers import start
from services.registry.handlers.handovers.start import StartHandover
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation
from services.registry.storage.people import managers, rotations
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AcceptRotation:
    """Who follows the lead, from today on."""

    rotation_id: UUID
    customer_key: UUID
    expected_version: int
    by: Actor
    successor: str


@dataclass(frozen=True, slots=True)
class PostponeRotation:
    """Until which day the lead stays, and why."""

    rotation_id: UUID
    customer_key: UUID
    expected_version: int
    by: Actor
    until_on: date
    reason: str


async def accepted(work: Work, command: AcceptRotation) -> None:
    """Hand the customer over to the successor; the other manager stays as the bridge.

    Raises RotationDecided, LeadChanged, RotatedIntoPartner, StaleVersion, and as a hand-over does.
    """
    await customers.load(work, command.customer_key)
    rotation = await rotations.load(work, command.rotation_id)
    require_version(command.expected_version, rotation.version)
    policy = await in_force(work, ManagerRotation, work.today)
    held, _ = await managers.current(work, command.customer_key)
    pair, lead = pair_of(held), held.lead if held else None
    partner = pair.partner_of(rotation.staff_code)

    accept(rotation.state, rotation.staff_code, lead, partner, command.successor)

    handover = await start.handle(
        work,
        StartHandover(
            *(rotation.staff_code, HandoverReason.ROTATION, (command.customer_key,), command.by),
            successors={command.customer_key: command.successor},
        ),
    )
    decided = replace(
        rotation,
        state=RotationState.ACCEPTED,
        decided_on=work.today,
        successor=command.successor,
        bridge=partner,
        bridge_until=bridge_until(work.today, policy.body) if partner else None,
        handover_id=handover.handover_id,
        version=rotation.version + 1,
    )
    await rotations.save(work, decided, "accepted", command.by.staff_code, None)


async def postponed(work: Work, command: PostponeRotation) -> None:
    """Leave the lead in place until a day to come; the sweep proposes again then.

    Raises RotationDecided, PostponedTooLong, NotResponsible, StaleVersion.
    """
    customer = await customers.load(work, command.customer_key)
    rotation = await rotations.load(work, command.rotation_id)
    require_version(command.expected_version, rotation.version)
    policy = await in_force(work, ManagerRotation, work.today)
    owner = require_owner(await ownership.ownerships(work, command.customer_key))
    home = [owner.owner_unit, *customer.joint_units]
    units = await organisation.lineage(work, [*home, command.by.unit])
    require_responsible(command.by, home, units)

    postpone(rotation.state, command.until_on, work.today, policy.body)

    later = replace(
        rotation,
        state=RotationState.POSTPONED,
        postponed_until=command.until_on,
        version=rotation.version + 1,
    )
    await rotations.save(work, later, "postponed", command.by.staff_code, command.reason)
