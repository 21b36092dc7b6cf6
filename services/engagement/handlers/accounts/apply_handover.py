"""A hand-over gives the leaver's obligations and cases to the successors (R-52).

Obligations follow the managers by themselves; cases are given here. Every version is answered once,
and a version that comes after a newer one moves nothing, so the end depends on neither order nor
repetition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.engagement.domain.accounts.handovers import (
    Exempted,
    Pair,
    Succession,
    hand_over,
    obligations_moved,
)
from services.engagement.domain.complaints.complaints import Complaint
from services.engagement.handlers.complaints import recompute_clocks
from services.engagement.storage import policies
from services.engagement.storage.accounts import accounts, handovers
from services.engagement.storage.accounts.handovers import Moved
from services.engagement.storage.complaints import complaint_steps, complaints
from services.engagement.storage.complaints.case_rows import KeptCase
from services.engagement.storage.complaints.complaint_steps import CaseStep
from services.engagement.storage.obligations import obligations
from shared.contracts.engagement import HandoverApplied
from shared.contracts.envelope import Entity, HandoverException, MovedWork
from shared.contracts.registry import HandoverStarted, ManagerPair, Phase
from shared.directory import staff
from shared.messaging.cloudevents import Fact
from shared.work import Work

WAITS_FOR = "managers"
"""A hand-over waits for the managers that it made, under the key of the customer."""


async def handle(work: Work, fact: Fact[HandoverStarted]) -> None:
    """Move what the leaver had, and answer; waits until the new managers are known."""
    said = fact.data
    version = said.entity.version
    # The accounts first, as whoever hears of managers does, so that the two never wait in a ring.
    roots = await accounts.lock(work, [each.customer_key for each in said.customers])
    phases = await _phases(work, fact)
    if phases is None:
        return
    await handovers.hold(work, said.handover_id)
    if await handovers.is_answered(work, said.handover_id, version):
        return
    is_overtaken = await handovers.newest_answered(work, said.handover_id) > version
    successions = [] if is_overtaken else _successions(said, phases)

    count, without_holder = await _obligations(work, successions, roots)
    moved, stuck = ([], []) if is_overtaken else await _cases(work, said, successions, roots)

    answer = HandoverApplied(
        entity=Entity(type="handover-result", id=str(said.handover_id), version=version),
        handover_id=said.handover_id,
        handover_version=version,
        applied_on=work.today,
        moved=(
            MovedWork(kind="obligations", count=count),
            MovedWork(kind="complaints", count=len(moved)),
        ),
        exceptions=tuple(
            HandoverException(kind=each.kind, id=each.id, reason=each.reason)
            for each in (*without_holder, *stuck)
        ),
    )
    await handovers.keep_answer(work, answer, moved)
    work.publish(answer)


async def _phases(work: Work, fact: Fact[HandoverStarted]) -> dict[UUID, str] | None:
    """The phase of every customer, or None when the fact has to wait."""
    wanted = {each.customer_key: each.managers_version or 0 for each in fact.data.customers}
    await work.refer(WAITS_FOR, map(str, wanted))
    known = await handovers.managers_known(work, sorted(wanted))
    for key in sorted(wanted):
        if known.get(key, (0, ""))[0] < wanted[key]:
            work.wait(fact, WAITS_FOR, str(key))
            return None
    return {key: phase for key, (_, phase) in known.items()}


def _successions(said: HandoverStarted, phases: Mapping[UUID, str]) -> list[Succession]:
    return [
        Succession(
            customer_key=each.customer_key,
            leaver=said.from_staff_code,
            successor=each.successor,
            before=_pair(each.before),
            after=_pair(each.after),
            is_maintained=phases.get(each.customer_key) == Phase.MAINTENANCE,
            from_on=said.effective_on,
        )
        for each in said.customers
    ]


def _pair(pair: ManagerPair | None) -> Pair:
    return Pair(pair.a_staff_code, pair.b_staff_code) if pair else Pair(None, None)


async def _obligations(
    work: Work, successions: Sequence[Succession], roots: Mapping[UUID, UUID]
) -> tuple[int, list[Exempted]]:
    plans = await policies.cadence_plans(work)
    kept = await obligations.kept(work, sorted(set(roots.values())))
    counted = [
        obligations_moved(each, kept.get(roots[each.customer_key], ()), plans)
        for each in successions
    ]
    return sum(count for count, _ in counted), [one for _, exempted in counted for one in exempted]


async def _cases(
    work: Work,
    said: HandoverStarted,
    successions: Sequence[Succession],
    roots: Mapping[UUID, UUID],
) -> tuple[list[Moved], list[Exempted]]:
    """Give the open cases of the leaver, and those given to an earlier successor, to who is now."""
    successor_of = {roots[each.customer_key]: each.successor for each in successions}
    given = await handovers.last_moved(work, said.handover_id)
    holders = sorted({said.from_staff_code, *given.values()})
    cases = await complaints.load(work, await handovers.open_cases_of(work, holders))
    units = await _units(work, set(successor_of.values()))
    keys = {kept.case.customer_key for kept in cases} - {None}
    all_roots = dict(roots) | await accounts.roots_of(work, [key for key in keys if key])

    changed: list[tuple[KeptCase, Complaint]] = []
    exempted: list[Exempted] = []
    for kept in cases:
        case = kept.case
        is_own = case.handler == said.from_staff_code
        if not is_own and given.get(case.complaint_id) != case.handler:
            continue
        root = all_roots.get(case.customer_key) if case.customer_key else None
        successor = successor_of.get(root) if root else None
        if successor is None:
            if is_own and said.reason == "departure":
                exempted.append(Exempted("complaints", str(case.complaint_id), "no-successor"))
            continue
        if successor == case.handler:
            continue
        outcome = hand_over(case, successor, units.get(successor))
        if isinstance(outcome, Exempted):
            exempted.append(outcome)
        else:
            changed.append((kept, outcome))
    return await _give(work, changed), exempted


async def _give(work: Work, changed: Sequence[tuple[KeptCase, Complaint]]) -> list[Moved]:
    if not changed:
        return []
    await recompute_clocks.handle(work, [replace(kept, case=case) for kept, case in changed])
    await complaint_steps.add(
        work,
        [
            CaseStep(case.complaint_id, "handed-over", work.now, None, case.unit, case.level)
            for _, case in changed
        ],
    )
    return [
        Moved(case.complaint_id, case.customer_key, str(kept.case.handler), str(case.handler))
        for kept, case in changed
    ]


async def _units(work: Work, staff_codes: set[str]) -> dict[str, str]:
    members = await staff.on_day(work, staff_codes, work.today)
    return {code: member.unit for code, member in members.items() if member.is_active}
