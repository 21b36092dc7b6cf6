"""A hand-over starts: every customer gets a successor, or shows that one is missing (R-50 to R-52).

Successors begin today: a hand-over is decided when it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.belonging.responsibility import require_responsible
from services.registry.domain.centres.staff import StaffState
from services.registry.domain.people.handovers import Handover, HandoverReason, HandoverRules, Line
from services.registry.domain.people.manager_pairs import MANAGER
from services.registry.domain.people.succession import Place, pair_of, require_place
from services.registry.domain.register.customers import Customer
from services.registry.handlers.handovers import succession
from services.registry.handlers.handovers.publishing import handover_started
from services.registry.handlers.handovers.succession import Passing, due_on
from services.registry.handlers.publishing import tell
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation, staff
from services.registry.storage.people import handovers, managers
from services.registry.storage.register import customers
from shared.identifiers import new_id
from shared.policy import Versioned, in_force
from shared.work import Work


@dataclass(frozen=True, slots=True)
class StartHandover:
    """Which customers `from_staff_code` hands over, and to whom as far as it is known.

    `by` None: a fact started it. `place` overrides which manager is replaced; without it, it is
    the one that `from_staff_code` is.
    """

    from_staff_code: str
    reason: HandoverReason
    customers: tuple[UUID, ...]
    by: Actor | None = None
    successors: Mapping[UUID, str] = field(default_factory=dict)
    words: str | None = None
    place: Place | None = None
    role: str = MANAGER


async def handle(work: Work, command: StartHandover) -> Handover:
    """Start the hand-over, pass on whoever has a successor, and tell engagement and billing.

    Raises NotTheManager, NotResponsible, and as `succession.handle` does.
    """
    leaver = await staff.on_day(work, command.from_staff_code, work.today, "/from_staff_code")
    rules = await in_force(work, HandoverRules, work.today)
    handover = Handover(
        handover_id=new_id(),
        from_staff_code=leaver.code,
        unit=leaver.unit,
        reason=command.reason,
        started_on=work.today,
        effective_on=work.today,
        due_on=due_on(work.today, rules.body.answer_days),
        policy_version=rules.version,
        started_by=command.by.staff_code if command.by else None,
        words=command.words,
    )
    lines = await lines_of(work, command, rules, handover.version)
    await handovers.keep(work, handover)
    await handovers.add_lines(work, handover.handover_id, lines)
    await tell(work, handover_started(handover, lines))
    return handover


async def lines_of(
    work: Work, command: StartHandover, rules: Versioned[HandoverRules], version: int
) -> list[Line]:
    """Pass the customers on, in the order of their keys; each row is held from then on."""
    lines = []
    for key in sorted(set(command.customers)):
        customer = await customers.load(work, key)
        await _require_responsible(work, command, customer)
        known, _ = await managers.current(work, key)
        before = pair_of(known)
        place = command.place or require_place(before, command.from_staff_code)
        successor, named_by = command.successors.get(key), None
        if successor is not None and command.by is not None:
            named_by = command.by.staff_code
        if successor is None and command.reason is HandoverReason.DEPARTURE:
            partner = before.partner_of(command.from_staff_code)
            successor = await _partner(work, partner) if rules.body.partner_succeeds else None
        passing = Passing(
            *(customer, command.from_staff_code, before, place),
            *(command.reason, version, successor),
            named_by=named_by,
            role=command.role,
        )
        lines.append(await succession.handle(work, passing))
    return lines


async def _partner(work: Work, partner: str | None) -> str | None:
    """The other manager, if there is one who can take over at once."""
    if partner is None:
        return None
    member = await staff.on_day(work, partner, work.today, "/successor")
    is_able = member.state is StaffState.ACTIVE and MANAGER in member.roles
    return partner if is_able else None


async def _require_responsible(work: Work, command: StartHandover, customer: Customer) -> None:
    if command.by is None:
        return
    owner = require_owner(await ownership.ownerships(work, customer.customer_key))
    home = [owner.owner_unit, *customer.joint_units]
    units = await organisation.lineage(work, [*home, command.by.unit])
    require_responsible(command.by, home, units)
