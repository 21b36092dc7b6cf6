"""The units where managers worked while they managed see the customer."""

from __future__ import annotations

from datetime import date

from services.registry.domain.belonging.scope import Presence
from services.registry.domain.centres.staff import PublishedStaff, StaffMember
from services.registry.domain.people.manager_units import people_of, presences_of
from services.registry.domain.people.managers import Assignment

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


def at(code: str, unit: str, on: date, version: int = 1) -> PublishedStaff:
    return PublishedStaff(StaffMember(code, "", unit), on, version)


MOVES = {
    "A": [at("A", "GZ", JANUARY), at("A", "GZ-TH", JUNE, 2)],
    "B": [at("B", "SZ", JANUARY)],
}


def test_a_move_takes_the_sight_along() -> None:
    assert presences_of([Assignment("A", "B", MARCH, 1)], MOVES) == [
        Presence("GZ", MARCH, date(2026, 5, 31)),
        Presence("GZ-TH", JUNE, None),
        Presence("SZ", MARCH, None),
    ]


def test_the_sight_ends_the_day_before_somebody_else_takes_over() -> None:
    assignments = [Assignment("B", None, MARCH, 1), Assignment("A", None, JUNE, 2)]
    assert presences_of(assignments, MOVES) == [
        Presence("SZ", MARCH, date(2026, 5, 31)),
        Presence("GZ-TH", JUNE, None),
    ]


def test_of_two_assignments_of_one_day_the_later_counts() -> None:
    assignments = [Assignment("B", None, JUNE, 1), Assignment("A", None, JUNE, 2)]
    assert presences_of(assignments, MOVES) == [Presence("GZ-TH", JUNE, None)]
    assert people_of(assignments) == {"A", "B"}


def test_nobody_assigned_is_nowhere() -> None:
    assert presences_of([], {}) == []
