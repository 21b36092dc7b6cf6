"""R-78: interests of staff, and what they do to an assignment."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.conduct.conflicts import (
    ConflictOfInterest,
    ConflictsOfInterest,
    Interest,
    InterestEnded,
    InterestKind,
    NotTheRegistrar,
    UnknownInterest,
    check_assignment,
    declare,
    end,
)
from shared.errors import Invalid

POLICY = ConflictsOfInterest(
    kinds=(InterestKind("own-business", "经商", "Own business"),),
    registrar_roles=("auditor",),
    on_assignment="refuse",
)
ON = date(2026, 3, 2)
INTEREST = Interest(UUID(int=1), "G004", "GZ", "own-business", "广州某公司", ON, ON)
SELF = Actor("G004", "GZ", frozenset({"account_manager"}))
AUDITOR = Actor("P003", "GD", frozenset({"auditor"}))


def test_r78_people_declare_for_themselves_and_registrars_for_others() -> None:
    assert declare(INTEREST, SELF, POLICY) is INTEREST
    assert declare(INTEREST, AUDITOR, POLICY) is INTEREST
    with pytest.raises(NotTheRegistrar):
        declare(INTEREST, dataclasses.replace(SELF, staff_code="G005"), POLICY)


def test_r78_an_interest_is_of_a_known_kind_and_has_begun() -> None:
    with pytest.raises(UnknownInterest):
        declare(dataclasses.replace(INTEREST, kind="friendship"), SELF, POLICY)
    with pytest.raises(Invalid):
        declare(dataclasses.replace(INTEREST, from_on=ON + timedelta(days=1)), SELF, POLICY)


def test_r78_a_registrar_ends_it_once_and_nobody_the_own() -> None:
    ended = end(INTEREST, AUDITOR, POLICY, ON)
    assert ended == dataclasses.replace(INTEREST, until_on=ON)
    with pytest.raises(InterestEnded):
        end(ended, AUDITOR, POLICY, ON)
    with pytest.raises(NotTheRegistrar):
        end(INTEREST, SELF, POLICY, ON)
    with pytest.raises(NotTheRegistrar):
        end(dataclasses.replace(INTEREST, staff_code="P003"), AUDITOR, POLICY, ON)
    with pytest.raises(Invalid):
        end(INTEREST, AUDITOR, POLICY, ON - timedelta(days=1))


def test_r78_an_assignment_is_refused_or_warned_about_as_the_policy_says() -> None:
    other = dataclasses.replace(INTEREST, interest_id=UUID(int=2))
    with pytest.raises(ConflictOfInterest) as refused:
        check_assignment([INTEREST, other], POLICY)
    assert refused.value.facts["staff_codes"] == ["G004"]
    lenient = dataclasses.replace(POLICY, on_assignment="warn")
    assert check_assignment([INTEREST, other], lenient) == ("G004",)
    assert check_assignment([], POLICY) == check_assignment([], lenient) == ()


def test_r78_a_policy_refuses_or_warns() -> None:
    with pytest.raises(ValueError, match="refused or warned"):
        dataclasses.replace(POLICY, on_assignment="ignore")
