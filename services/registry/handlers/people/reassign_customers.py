"""Many customers pass to a few successors: previewed, then done exactly so (X-11, R-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.registry.domain.actors import Actor
from services.registry.domain.people.handovers import HandoverReason
from services.registry.domain.people.manager_pairs import MANAGER
from services.registry.domain.people.reassignments import (
    Account,
    Candidate,
    Choice,
    TooManyAtOnce,
    distribute,
    mark_of,
    require_fresh,
)
from services.registry.domain.people.workload import ManagerLoad
from services.registry.handlers.conduct import register_interest
from services.registry.handlers.handovers import start
from services.registry.handlers.handovers.start import StartHandover
from services.registry.storage.centres import organisation, staff
from services.registry.storage.people import reassignments
from services.registry.storage.people.reassignments import Selection
from services.registry.storage.register import customers
from shared.policy import Versioned, in_force
from shared.work import Work

MOST = 500
"""Customers that pass on in one transaction."""


@dataclass(frozen=True, slots=True)
class Reassign:
    """Whose customers go to whom, by whose word."""

    selection: Selection
    successors: tuple[str, ...]
    by: Actor
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done: who takes over whom, and what everybody has before and after."""

    choices: Sequence[Choice]
    before: Sequence[Candidate]
    after: Sequence[Candidate]
    policy: Versioned[ManagerLoad]
    mark: str


async def preview(work: Work, command: Reassign) -> Preview:
    """Show what would be done; nothing changes. Raises NotOnDuty, TooManyAtOnce."""
    accounts = await reassignments.accounts(work, command.selection, MOST + 1)
    if len(accounts) > MOST:
        raise TooManyAtOnce(
            f"一次最多移交 {MOST} 个客户，请缩小范围",
            f"at most {MOST} customers pass on at once; narrow the selection",
            most=MOST,
        )
    policy = await in_force(work, ManagerLoad, work.today)
    accounts = await _with_barred(work, accounts, command.successors)
    before = await _candidates(work, command.successors)
    units = {unit for account in accounts for unit in account.home}
    units |= {each.unit for each in before} | {command.by.unit}
    known = await organisation.lineage(work, units)
    choices, after = distribute(accounts, before, known, command.by, work.today)
    loads = {each.staff_code: (each.leads, each.supports) for each in before}
    return Preview(choices, before, after, policy, mark_of(choices, loads))


async def apply(work: Work, command: Reassign, mark: str) -> list[UUID]:
    """Do what was previewed under `mark`, one hand-over for each person who hands over.

    Raises StalePreview when anything of it is different now.
    """
    for each in (await preview(work, command)).choices:
        await customers.load(work, each.account.customer_key)
    held = await preview(work, command)
    require_fresh(mark, held.mark)
    chosen = [each for each in held.choices if each.successor is not None]
    started = []
    for leaver in sorted({each.account.leaver for each in chosen}):
        own = [each for each in chosen if each.account.leaver == leaver]
        handover = await start.handle(
            work,
            StartHandover(
                from_staff_code=leaver,
                reason=HandoverReason.REASSIGNMENT,
                customers=tuple(each.account.customer_key for each in own),
                by=command.by,
                successors={
                    each.account.customer_key: each.successor for each in own if each.successor
                },
                words=command.reason,
            ),
        )
        started.append(handover.handover_id)
    return started


async def _with_barred(
    work: Work, accounts: Sequence[Account], successors: Sequence[str]
) -> list[Account]:
    keys = [each.customer_key for each in accounts]
    barred = await register_interest.barred(work, keys, successors)
    return [replace(each, barred=barred.get(each.customer_key, frozenset())) for each in accounts]


async def _candidates(work: Work, codes: Sequence[str]) -> list[Candidate]:
    loads = await reassignments.loads(work, codes)
    found = []
    for code in sorted(set(codes)):
        member = (await staff.on_day(work, code, work.today, "/successors")).require(
            MANAGER, "/successors"
        )
        found.append(Candidate(code, member.unit, *loads[code]))
    return found
