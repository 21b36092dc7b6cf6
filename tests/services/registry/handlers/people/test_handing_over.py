"""R-52: hand-overs with successors, answers and proof."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain.centres.staff import NotOnDuty, StaffEvent, StaffReport
from services.registry.domain.people.handovers import (
    Handover,
    HandoverReason,
    HandoverState,
    ReassignedMeanwhile,
)
from services.registry.domain.people.succession import NotTheManager
from services.registry.handlers.centres import report_staff
from services.registry.handlers.centres.report_staff import ReportStaff
from services.registry.handlers.handovers import (
    depart,
    hear_answers,
    name_successors,
    notice_overdue,
    start,
)
from services.registry.handlers.handovers.name_successors import NameSuccessors
from services.registry.handlers.handovers.start import StartHandover
from services.registry.handlers.people import assign_managers
from services.registry.handlers.people.assign_managers import AssignManagers
from services.registry.handlers.republish import REPUBLISH
from services.registry.storage.people import handovers, managers
from shared.contracts import billing, engagement
from shared.contracts.envelope import Entity, HandoverException, MovedWork
from shared.contracts.registry import (
    HandoverCompleted,
    HandoverStarted,
    ScopeChanged,
)
from shared.work import Work
from tests.services.registry.story import (
    Declaring,
    acting,
    approved,
    commit,
    managed,
    mechanics,
    signed,
    told,
)
from tests.support import cast
from tests.support.facts import published

DIRECTOR = acting(cast.CITY_DIRECTOR)
A, B, OTHER = cast.MANAGER_A.code, cast.COUNTY_MANAGER.code, cast.MANAGER_B.code
TODAY = date(2026, 3, 16)


async def two_customers(work: Work) -> list[UUID]:
    """Two customers of A, the first with B beside, the second without; by key."""
    pair = await approved(work)
    await managed(work, pair)
    alone = await approved(work, Declaring(customer=mechanics(name="广州北方机械有限公司")))
    command = AssignManagers(alone, DIRECTOR, 0, A, None, date(2026, 1, 12))
    await assign_managers.handle(work, command)
    return [pair, alone]


async def leave(work: Work, staff_code: str, on: date = TODAY, ref: str = "1") -> None:
    """The personnel system reports that somebody is gone."""
    event = StaffEvent(StaffReport.LEFT, on, "hr", ref)
    await report_staff.handle(work, ReportStaff(staff_code, event))


async def only(work: Work) -> Handover:
    """The one hand-over that there is."""
    (row,) = await work.rows("SELECT handover_id FROM handovers")
    return await handovers.load(work, row["handover_id"])


def answer(kind: Any, handover: Handover, version: int | None = None) -> Any:
    """What a service answers to the version in force, or another one."""
    answered = version or handover.version
    return published(
        kind(
            entity=Entity(type="handover", id=str(handover.handover_id), version=answered),
            handover_id=handover.handover_id,
            handover_version=answered,
            applied_on=TODAY,
            moved=(MovedWork(kind="obligations", count=2),),
            exceptions=(HandoverException(kind="complaints", id="x", reason="no-successor"),),
        )
    )


BOTH = (engagement.HandoverApplied, billing.HandoverApplied)


async def successor(work: Work, key: UUID, code: str) -> None:
    """The director names a successor."""
    handover = await only(work)
    command = NameSuccessors(handover.handover_id, handover.version, DIRECTOR, {key: code})
    await name_successors.handle(work, command)


async def test_r52_a_departure_starts_one_hand_over_and_the_partner_takes_over_at_once(
    work: Work,
) -> None:
    pair, alone = await two_customers(work)
    await leave(work, A)
    handover = await only(work)
    lines = await handovers.lines(work, handover.handover_id)
    assert {key: line.successor for key, line in lines.items()} == {pair: B, alone: None}
    (fact,) = told(work, HandoverStarted)
    assert [(each.customer_key, each.successor) for each in fact.customers] == [(pair, B)]
    assert (fact.reason, fact.from_staff_code, fact.due_on) == (
        *("departure", A),
        TODAY + timedelta(days=7),
    )
    held, version = await managers.current(work, pair)
    assert held is not None
    assert (held.a, held.b, held.rule.value) == (B, None, "handover")
    assert fact.customers[0].managers_version == version
    await leave(work, A, ref="again")
    assert await depart.due(work, TODAY) == 0
    assert len(told(work, HandoverStarted)) == 1


async def test_r52_nothing_but_the_person_changes(work: Work) -> None:
    pair, alone = await two_customers(work)
    await signed(work, pair, "GZ-TH", date(2026, 2, 2))
    await leave(work, A)
    await successor(work, alone, OTHER)
    for line in (await handovers.lines(work, (await only(work)).handover_id)).values():
        assert line.is_unchanged
        assert {"customers", "ownerships", "splits", "contracts"} <= set(line.digest_before)
    line = (await handovers.lines(work, (await only(work)).handover_id))[pair]
    touched = replace(line, digest_after={**line.digest_after, "splits": "another"})
    assert not touched.is_unchanged


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 0])))
async def test_r52_complete_once_both_answered_whatever_the_order(
    work: Work, order: tuple[int, ...]
) -> None:
    _, alone = await two_customers(work)
    await leave(work, A)
    await successor(work, alone, OTHER)
    handover = await only(work)
    assert handover.version == 2
    for place in order:
        await hear_answers.handle(work, answer(BOTH[place], handover, 1))
    assert (await only(work)).state is HandoverState.STARTED
    for place in order:
        await hear_answers.handle(work, answer(BOTH[place], handover))
    assert (await only(work)).state is HandoverState.COMPLETED
    (fact,) = told(work, HandoverCompleted)
    assert [(each.service, each.moved, each.exceptions) for each in fact.answers] == [
        ("billing", 2, 1),
        ("engagement", 2, 1),
    ]


async def test_r52_without_a_successor_it_is_not_complete_and_falls_overdue(work: Work) -> None:
    await two_customers(work)
    await leave(work, A)
    handover = await only(work)
    for kind in BOTH:
        await hear_answers.handle(work, answer(kind, handover))
    assert (await only(work)).state is HandoverState.STARTED
    assert await notice_overdue.handle(work, handover.due_on) == 0
    assert await notice_overdue.handle(work, handover.due_on + timedelta(days=1)) == 1
    assert await notice_overdue.handle(work, handover.due_on + timedelta(days=2)) == 0


async def test_r52_another_successor_is_a_new_version_in_the_leavers_place(work: Work) -> None:
    pair, _ = await two_customers(work)
    await leave(work, A)
    await successor(work, pair, OTHER)
    held, _ = await managers.current(work, pair)
    assert held is not None
    assert (held.a, held.b) == (OTHER, B)
    first, second = told(work, HandoverStarted)
    assert (first.entity.version, second.entity.version) == (1, 2)
    history = await work.rows(
        "SELECT successor FROM handover_lines WHERE customer_key = :key ORDER BY version", key=pair
    )
    assert [row["successor"] for row in history] == [B, OTHER]
    with pytest.raises(NotOnDuty):
        await successor(work, pair, cast.FINANCE.code)


async def test_r52_a_pair_that_was_assigned_anew_is_not_overwritten(work: Work) -> None:
    pair, _ = await two_customers(work)
    await leave(work, A)
    _, version = await managers.current(work, pair)
    await assign_managers.handle(work, AssignManagers(pair, DIRECTOR, version, OTHER, None))
    with pytest.raises(ReassignedMeanwhile):
        await successor(work, pair, OTHER)


async def test_r52_who_leaves_later_hands_over_on_that_day(work: Work) -> None:
    await two_customers(work)
    await leave(work, A, TODAY + timedelta(days=3))
    assert told(work, HandoverStarted) == []
    work.today = TODAY + timedelta(days=2)
    assert await depart.due(work, work.today) == 0
    work.today = TODAY + timedelta(days=3)
    assert await depart.due(work, work.today) == 1
    assert (await only(work)).effective_on == work.today


async def test_r52_some_customers_of_somebody_who_stays(work: Work) -> None:
    pair, alone = await two_customers(work)
    command = StartHandover(A, HandoverReason.REASSIGNMENT, (pair,), DIRECTOR, {pair: OTHER})
    await start.handle(work, command)
    assert await managers.managed_by(work, A) == [alone]
    assert await managers.managed_by(work, OTHER) == [pair]
    with pytest.raises(NotTheManager):
        await start.handle(work, command)


async def test_r52_hand_overs_are_told_again_word_for_word(work: Work) -> None:
    _, alone = await two_customers(work)
    await leave(work, A)
    await successor(work, alone, OTHER)
    for kind in BOTH:
        await hear_answers.handle(work, answer(kind, await only(work)))
    before = [told(work, HandoverStarted)[-1], *told(work, HandoverCompleted)]
    await commit(work)
    assert await REPUBLISH["handovers"](work, None) is None
    assert [*told(work, HandoverStarted), *told(work, HandoverCompleted)] == before


async def test_r52_the_leavers_unit_loses_sight_with_the_leaver(work: Work) -> None:
    pair, _ = await two_customers(work)
    moving = StartHandover(B, HandoverReason.REASSIGNMENT, (pair,), DIRECTOR, {pair: OTHER})
    await start.handle(work, moving)
    foreign = cast.OTHER_CITY_MANAGER.code
    handing = StartHandover(OTHER, HandoverReason.REASSIGNMENT, (pair,), DIRECTOR, {pair: foreign})
    await start.handle(work, handing)
    work.today = TODAY + timedelta(days=1)
    assert "SZ" in {grant.unit for grant in told(work, ScopeChanged)[-1].grants}
    await leave(work, foreign, work.today)
    ends = {grant.until_on for grant in told(work, ScopeChanged)[-1].grants if grant.unit == "SZ"}
    assert ends == {TODAY}
