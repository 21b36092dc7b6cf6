"""Staff folded from what the personnel department reported, whatever the order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date

import pytest

from services.registry.domain.belonging.timelines import in_force
from services.registry.domain.centres.staff import (
    NotOnDuty,
    PublishedStaff,
    StaffEvent,
    StaffMember,
    StaffReport,
    StaffState,
    UnknownRole,
    career_of,
    require_known_roles,
    to_publish,
)

JOINED = StaffEvent(
    StaffReport.JOINED, date(2026, 1, 5), "hr", "1", "GZ", frozenset({"telephone"}), "王芳"
)
ASSIGNED = StaffEvent(
    StaffReport.ASSIGNED,
    date(2026, 3, 1),
    "hr",
    "2",
    "GZ-TH",
    frozenset({"account_manager", "customer_administrator"}),
)
LEFT = StaffEvent(StaffReport.LEFT, date(2026, 6, 1), "hr", "3")
REJOINED = StaffEvent(
    StaffReport.JOINED, date(2026, 9, 1), "hr", "4", "SZ", frozenset({"director"})
)


def state_of(code: str, events: Iterable[StaffEvent]) -> StaffMember | None:
    """Who `code` is after everything."""
    career = career_of(code, events)
    return career[-1].member if career else None


def test_the_latest_report_by_day_holds_whatever_the_order_of_arrival() -> None:
    states = {state_of("S1", order) for order in itertools.permutations([JOINED, ASSIGNED, LEFT])}
    assert len(states) == 1
    member = states.pop()
    assert member is not None
    assert (member.unit, member.state) == ("GZ-TH", StaffState.LEFT)


def test_one_person_has_several_roles() -> None:
    member = state_of("S1", [JOINED, ASSIGNED])
    assert member is not None
    assert member.roles == {"account_manager", "customer_administrator"}
    assert member.name == "王芳"


def test_a_leaver_comes_back_by_joining_and_not_by_an_assignment() -> None:
    late = StaffEvent(StaffReport.ASSIGNED, date(2026, 7, 1), "hr", "5", "SZ", frozenset())
    gone = state_of("S1", [JOINED, LEFT, late])
    assert gone is not None
    assert gone.state is StaffState.LEFT
    assert gone.unit == "GZ"
    back = state_of("S1", [JOINED, LEFT, REJOINED])
    assert back is not None
    assert (back.state, back.unit, back.roles) == (StaffState.ACTIVE, "SZ", frozenset({"director"}))


def test_on_one_day_joining_comes_before_assigning_before_leaving() -> None:
    day = date(2026, 1, 5)
    assigned = StaffEvent(StaffReport.ASSIGNED, day, "hr", "0", "SZ", frozenset({"finance"}))
    left = StaffEvent(StaffReport.LEFT, day, "hr", "0")
    member = state_of("S1", [left, assigned, JOINED])
    assert member is not None
    assert (member.state, member.unit) == (StaffState.LEFT, "SZ")


def test_of_somebody_who_only_left_nothing_can_be_said() -> None:
    assert state_of("S1", [LEFT]) is None
    assert state_of("S1", []) is None


def test_a_role_that_the_suite_does_not_have_is_refused() -> None:
    assert require_known_roles(["director", "director"]) == {"director"}
    with pytest.raises(UnknownRole, match="king"):
        require_known_roles(["director", "king"])


def test_r08_a_task_asks_for_somebody_on_duty_with_the_role() -> None:
    member = state_of("S1", [JOINED, ASSIGNED])
    gone = state_of("S1", [JOINED, ASSIGNED, LEFT])
    assert member is not None
    assert gone is not None
    assert member.require("account_manager", "/a") is member
    for person, role in ((member, "director"), (gone, "account_manager")):
        with pytest.raises(NotOnDuty):
            person.require(role, "/a")


def test_a_career_says_of_every_day_who_somebody_was() -> None:
    career = career_of("S1", [LEFT, ASSIGNED, JOINED])
    assert [(p.effective_on, p.member.unit, p.member.state) for p in career] == [
        (date(2026, 1, 5), "GZ", StaffState.ACTIVE),
        (date(2026, 3, 1), "GZ-TH", StaffState.ACTIVE),
        (date(2026, 6, 1), "GZ-TH", StaffState.LEFT),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations([JOINED, ASSIGNED, LEFT, REJOINED])))
def test_what_is_published_ends_the_same_whatever_came_first(
    order: tuple[StaffEvent, ...],
) -> None:
    published: list[PublishedStaff] = []
    for count in range(1, 5):
        published += to_publish(career_of("S1", order[:count]), published)
    whole = career_of("S1", order)
    for day in (date(2026, month, 15) for month in range(1, 12)):
        begun = [p.member for p in whole if p.effective_on <= day]
        assert in_force(published, day) is not None
        assert in_force(published, day).member == begun[-1]  # type: ignore[union-attr]
    assert [item.version for item in published] == list(range(1, len(published) + 1))


def test_a_repeated_report_publishes_nothing() -> None:
    published = to_publish(career_of("S1", [JOINED]), [])
    assert to_publish(career_of("S1", [JOINED, JOINED]), published) == []
