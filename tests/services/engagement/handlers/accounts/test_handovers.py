"""R-52: obligations and cases go to the successors, each version answered once, in any order."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.engagement.handlers.complaints import assign_complaint
from services.engagement.handlers.complaints.assign_complaint import AssignComplaint
from services.engagement.storage.complaints import complaints
from shared.contracts.engagement import ComplaintChanged
from shared.contracts.envelope import Entity
from shared.contracts.registry import HandoverStarted, ManagerPair, Phase, StaffChanged, Succession
from shared.identifiers import derived_id
from shared.work import Work
from tests.services.engagement.events import NEW_YEAR, at, complained, managed, moved
from tests.services.engagement.stories import (
    comprehensive_gold,
    enter,
    hear,
    receive,
    sweep,
    told,
    waiting,
)
from tests.support import cast
from tests.support.cast import COUNTY_MANAGER, ELECTRONICS, INSURER, MANAGER_A, MANAGER_B, Person
from tests.support.facts import said

ON = date(2025, 1, 10)
HANDOVER = derived_id("handover")
LEAVER = COUNTY_MANAGER


def started(
    successor: Person = MANAGER_A, version: int = 1, managers_version: int = 2
) -> HandoverStarted:
    """The county's manager hands the electronics maker to `successor`."""
    b = cast.BRANCH_STAFF.code
    return HandoverStarted(
        entity=Entity(type="handover", id=str(HANDOVER), version=version),
        handover_id=HANDOVER,
        from_staff_code=LEAVER.code,
        reason="departure",
        customers=(
            Succession(
                customer_key=ELECTRONICS.key,
                successor=successor.code,
                before=ManagerPair(a_staff_code=LEAVER.code, b_staff_code=b),
                after=ManagerPair(a_staff_code=successor.code, b_staff_code=b),
                managers_version=managers_version,
            ),
        ),
        effective_on=ON,
        due_on=date(2025, 1, 17),
    )


def in_the_county(person: Person) -> StaffChanged:
    """The person works where the leaver does."""
    return moved(person, LEAVER.unit, NEW_YEAR)


async def case(work: Work, ref: str, customer: Any, handler: Person) -> UUID:
    """A case that is in the hands of `handler`."""
    await receive(work, complained(ref, at(NEW_YEAR), customer))
    complaint_id = derived_id("complaint", "erp", ref)
    await enter(work, cast.CITY_DIRECTOR)
    command = AssignComplaint(complaint_id, handler.unit, 1, handler.code, at(NEW_YEAR, 10))
    await assign_complaint.handle(work, command)
    return complaint_id


async def handler_of(work: Work, complaint_id: UUID) -> str | None:
    """Who has the case now."""
    kept = await complaints.one(work, complaint_id)
    assert kept is not None
    return kept.case.handler


async def after_new_year(work: Work) -> None:
    """The customer is owed visits by its manager since New Year."""
    await comprehensive_gold(work, ELECTRONICS)
    await sweep(work, NEW_YEAR)


async def test_r52_obligations_and_cases_of_the_leaver_go_to_the_successor(work: Work) -> None:
    await after_new_year(work)
    own = await case(work, "K1", ELECTRONICS, LEAVER)
    work.today = ON
    await hear(work, in_the_county(MANAGER_A))
    await hear(work, managed(ELECTRONICS, MANAGER_A, on=ON, version=2))
    await hear(work, started())
    await work.finish()
    (answer,) = told(work, "handover_applied")
    assert answer["moved"] == [
        {"kind": "obligations", "count": 1},
        {"kind": "complaints", "count": 1},
    ]
    assert (answer["exceptions"], answer["handover_version"]) == ([], 1)
    assert await handler_of(work, own) == MANAGER_A.code
    before, after = [fact for fact in said(work) if isinstance(fact, ComplaintChanged)][-2:]
    changed = {name for name, value in after if value != getattr(before, name)}
    assert changed == {"entity", "handler"}


async def test_r52_what_cannot_be_handed_over_is_named(work: Work) -> None:
    await after_new_year(work)
    own = await case(work, "K1", ELECTRONICS, LEAVER)
    other = await case(work, "K2", INSURER, LEAVER)
    work.today = ON
    await hear(work, managed(ELECTRONICS, MANAGER_A, on=ON, version=2), started())
    (answer,) = told(work, "handover_applied")
    assert {(each["id"], each["reason"]) for each in answer["exceptions"]} == {
        (str(own), "successor-works-elsewhere"),
        (str(other), "no-successor"),
    }
    assert await handler_of(work, own) == LEAVER.code


async def test_r52_a_hand_over_waits_for_the_managers_that_it_made(work: Work) -> None:
    await after_new_year(work)
    work.today = ON
    await hear(work, started())
    assert told(work, "handover_applied") == []
    assert await waiting(work) == [("managers", str(ELECTRONICS.key))]
    await hear(work, managed(ELECTRONICS, MANAGER_A, on=ON, version=2))
    await work.finish()
    assert len(told(work, "handover_applied")) == 1
    assert await waiting(work) == []


@pytest.mark.parametrize("order", sorted(set(itertools.permutations("1122"))))
async def test_r52_the_last_successor_has_the_cases_whatever_the_order(
    work: Work, order: tuple[str, ...]
) -> None:
    await after_new_year(work)
    own = await case(work, "K1", ELECTRONICS, LEAVER)
    for person in (MANAGER_A, MANAGER_B):
        await hear(work, in_the_county(person))
    work.today = ON
    await hear(
        work,
        managed(ELECTRONICS, MANAGER_A, on=ON, version=2),
        managed(ELECTRONICS, MANAGER_B, on=ON, version=3, phase=Phase.DEVELOPMENT),
    )
    versions = {"1": started(), "2": started(MANAGER_B, 2, 3)}
    for name in order:
        await hear(work, versions[name])
    assert await handler_of(work, own) == MANAGER_B.code
    answers = told(work, "handover_applied")
    assert sorted(each["handover_version"] for each in answers) == [1, 2]
