"""R-49, R-80: who has to have two of us, and when people must inform each other."""

from __future__ import annotations

from datetime import date

import pytest

from services.registry.domain.people.contact_people import (
    ContactPeople,
    JointContact,
    Lack,
    lacks,
    must_inform_each_other,
)

ON = date(2026, 3, 31)
POLICY = ContactPeople(minimum_people=2, report_days=30, new_for_days=365)


@pytest.mark.parametrize(
    ("people", "last_report_on", "lacking"),
    [
        (2, date(2026, 3, 1), []),
        (1, date(2026, 3, 1), [Lack.PEOPLE]),
        (2, date(2026, 2, 28), [Lack.REPORT]),
        (1, None, [Lack.PEOPLE, Lack.REPORT]),
    ],
)
def test_r49_two_people_and_a_report_within_the_days(
    people: int, last_report_on: date | None, lacking: list[Lack]
) -> None:
    assert lacks(people, last_report_on, POLICY, ON) == lacking


@pytest.mark.parametrize(
    ("people", "must"), [(["1"], False), (["1", "1"], False), (["1", "2"], True)]
)
def test_r80_from_two_people_on(people: list[str], must: bool) -> None:
    policy = JointContact(window_days=90, people=2)
    assert must_inform_each_other(people, policy) is must
