"""Successors are named, or others instead of them: a newer version of the hand-over (R-52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.people.handovers import (
    HandoverReason,
    HandoverRules,
    HandoverState,
    Line,
    place_to_fill,
    require_line,
)
from services.registry.domain.people.manager_pairs import MANAGER
from services.registry.domain.people.succession import pair_of
from services.registry.handlers.handovers import succession
from services.registry.handlers.handovers.publishing import handover_started
from services.registry.handlers.handovers.succession import Passing, due_on
from services.registry.handlers.publishing import tell
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation
from services.registry.storage.people import handovers, managers
from services.registry.storage.register import customers
from shared.http.versions import require_version
from shared.policy import in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class NameSuccessors:
    """Who takes over whom, by whose word."""

    handover_id: UUID
    expected_version: int
    by: Actor
    successors: Mapping[UUID, str]


async def handle(work: Work, command: NameSuccessors) -> None:
    """Pass the customers on; who has that successor already stays as it is.

    Raises UnknownHandover, StaleVersion, NoSuchLine, NotResponsible, ReassignedMeanwhile, and as
    `succession.handle` does.
    """
    loaded = {key: await customers.load(work, key) for key in sorted(command.successors)}
    handover = await handovers.load(work, command.handover_id)
    require_version(command.expected_version, handover.version)
    known = await handovers.lines(work, command.handover_id)
    rules = (await in_force(work, HandoverRules, work.today)).body
    role = rules.after_sales_role if handover.reason is HandoverReason.AFTER_SALES else MANAGER
    version = handover.version + 1

    renewed: list[Line] = []
    for key, customer in loaded.items():
        line, successor = require_line(known, key), command.successors[key]
        owner = require_owner(await ownership.ownerships(work, key))
        home = [owner.owner_unit, *customer.joint_units]
        units = await organisation.lineage(work, [*home, command.by.unit])
        require_responsible(command.by, home, units)
        if line.successor == successor:
            continue
        current, _ = await managers.current(work, key)
        passing = Passing(
            *(customer, handover.from_staff_code, place_to_fill(pair_of(current), line)),
            place=line.place,
            reason=handover.reason,
            version=version,
            successor=successor,
            named_by=command.by.staff_code,
            role=role or MANAGER,
        )
        renewed.append(await succession.handle(work, passing))
    if not renewed:
        return
    again = replace(
        handover,
        version=version,
        state=HandoverState.STARTED,
        due_on=due_on(work.today, rules.answer_days),
        overdue_on=None,
        completed_on=None,
    )
    await handovers.keep(work, again)
    await handovers.add_lines(work, command.handover_id, renewed)
    everybody = (await handovers.lines(work, command.handover_id)).values()
    await tell(work, handover_started(again, everybody))
