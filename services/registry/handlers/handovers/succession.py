"""One customer passes from one person to another, and nothing else of it changes (R-52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.registry.domain.belonging.ownership import require_owner
from services.registry.domain.people.handovers import HandoverReason, Line
from services.registry.domain.people.manager_pairs import MANAGER, require_home
from services.registry.domain.people.succession import (
    Pair,
    Place,
    pair_of,
    require_bridge,
    succeed,
)
from services.registry.domain.register.customers import Customer
from services.registry.handlers.conduct import register_interest
from services.registry.handlers.people import settle_managers
from services.registry.storage.belonging import ownership
from services.registry.storage.centres import organisation, staff
from services.registry.storage.people import digests, managers, rotations
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Passing:
    """Who takes the `place` of one customer's pair `before`; `named_by` None: the policy.

    `role` is what the successor has to be.
    """

    customer: Customer
    from_staff_code: str
    before: Pair
    place: Place
    reason: HandoverReason
    version: int
    successor: str | None
    named_by: str | None = None
    role: str = MANAGER


async def handle(work: Work, passing: Passing) -> Line:
    """Give the place to the successor, from today on; the customer's row is held.

    Without a successor nothing changes and the line says that one is missing. Raises NotOnDuty,
    NotTheOwnersStaff, SuccessorIsLeaver, BridgeMustStay, ConflictOfInterest (R-78).
    """
    key = passing.customer.customer_key
    before = await digests.of_customer(work, key)
    after, version = passing.before, None
    if passing.successor is not None:
        after = succeed(passing.before, passing.place, passing.from_staff_code, passing.successor)
        await _require(work, passing, passing.successor, after)
        version = await _assign(work, passing, key, after)
    return Line(
        customer_key=key,
        version=passing.version,
        place=passing.place,
        before=passing.before,
        after=after,
        successor=passing.successor,
        named_by=passing.named_by,
        managers_version=version,
        digest_before=before,
        digest_after=await digests.of_customer(work, key),
    )


async def _require(work: Work, passing: Passing, successor: str, after: Pair) -> None:
    """A new A works where the customer belongs (R-46); who manages it already may go on."""
    key = passing.customer.customer_key
    member = await staff.on_day(work, successor, work.today, "/successor")
    member.require(passing.role, "/successor")
    is_new = successor not in passing.before.people
    if is_new:
        await register_interest.check(work, key, [successor], work.today)
    if is_new and passing.place is Place.A:
        owner = require_owner(await ownership.ownerships(work, key))
        home = [owner.owner_unit, *passing.customer.joint_units]
        units = await organisation.lineage(work, [*home, member.unit])
        require_home(units, home, member, "/successor")
    if passing.reason is not HandoverReason.DEPARTURE:
        bridges = await rotations.bridges(work, key)
        require_bridge(passing.before, after, bridges, work.today)


async def _assign(work: Work, passing: Passing, key: UUID, after: Pair) -> int:
    known, version = await managers.current(work, key)
    if pair_of(known) == after:
        return version
    assert after.a is not None, "who has a successor has an A"
    history = await managers.history(work, key)
    assignment = history.next_assignment(after.a, after.b, work.today, passing.reason.rule)
    await managers.add_assignment(work, key, assignment, passing.named_by)
    await settle_managers.handle(work, key)
    return (await managers.current(work, key))[1]


def due_on(on: date, answer_days: int) -> date:
    """By when the services should have answered a hand-over of `on`."""
    return on + timedelta(days=answer_days)
