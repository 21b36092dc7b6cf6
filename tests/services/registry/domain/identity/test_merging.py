"""R-81: what stands against a merge, who decides it, and how it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.identity.merge_refusals import (
    CannotMerge,
    NotMerged,
    NotTheMerger,
    StalePreview,
)
from services.registry.domain.identity.merging import (
    Holding,
    Identity,
    MergeRules,
    Obstacle,
    Remark,
    merge,
    obstacles,
    remarks,
    require_decider,
    require_fresh,
    undo,
)
from services.registry.domain.register.closing import Matter
from services.registry.domain.register.customers import CustomerState
from shared.errors import Invalid
from shared.identifiers import new_id
from tests.services.registry.domain.organisations import ORGANISATION

A, B, C = new_id(), new_id(), new_id()
RULES = MergeRules(decider_roles=("director",))
ON = date(2026, 3, 2)


def holding(**others: Any) -> Holding:
    """A registered customer of Tianhe that stands for itself."""
    said: dict[str, Any] = {
        "customer_key": A,
        "name": "南方机械",
        "state": CustomerState.REGISTERED,
        "customer_id": "44010600001000",
        "unified_credit_code": None,
        "head_office_key": None,
        "owner_unit": "GZ-TH",
        "managers": (None, None),
        "pending_declarations": 0,
        "branches": 0,
        "under_way": {},
        **others,
    }
    return Holding(**{"root": said["customer_key"], **said})


SURVIVOR = holding(customer_key=B)


def test_r81_nothing_stands_against_two_that_are_alike() -> None:
    assert obstacles(holding(), SURVIVOR) == ()


def test_r81_different_ids_owners_and_managers_are_told_and_stand_against_nothing() -> None:
    other = holding(customer_id="44011300001000", owner_unit="GZ-PY", managers=("M1", None))
    assert obstacles(other, SURVIVOR) == ()
    assert remarks(other, SURVIVOR) == (Remark.IDS, Remark.OWNERS, Remark.MANAGERS)
    assert remarks(holding(), SURVIVOR) == ()
    assert remarks(holding(customer_id=None), SURVIVOR) == ()


def test_r81_what_is_on_its_way_is_named_and_stands_against_nothing() -> None:
    """R-81: a hand-over and a loan are finished under the old key."""
    under_way = {Matter.HANDOVERS: [C], Matter.LOANS: [C]}
    assert obstacles(holding(under_way=under_way), SURVIVOR) == ()
    assert remarks(holding(under_way=under_way), SURVIVOR) == (Remark.HANDOVERS, Remark.LOANS)


@pytest.mark.parametrize(
    ("merged", "survivor", "obstacle"),
    [
        ({}, {"customer_key": A, "root": A}, Obstacle.SAME),
        ({"root": C}, {}, Obstacle.MERGED),
        ({}, {"root": C}, Obstacle.SURVIVOR_MERGED),
        ({}, {"root": A}, Obstacle.CIRCLE),
        ({"state": CustomerState.CLOSED}, {}, Obstacle.CLOSED),
        ({}, {"state": CustomerState.CLOSED}, Obstacle.CLOSED),
        ({"state": CustomerState.SUSPENDED}, {}, Obstacle.SUSPENDED),
        ({"pending_declarations": 1}, {}, Obstacle.PENDING),
        ({"under_way": {Matter.DISPUTES: [C]}}, {}, Obstacle.DISPUTED),
        ({}, {"under_way": {Matter.DISPUTES: [C]}}, Obstacle.DISPUTED),
        ({"under_way": {Matter.CHANGES: [C]}}, {}, Obstacle.CHANGING),
        ({}, {"under_way": {Matter.CHANGES: [C]}}, Obstacle.CHANGING),
        ({"unified_credit_code": "1"}, {"unified_credit_code": "2"}, Obstacle.CREDIT_CODES),
        ({"head_office_key": B}, {}, Obstacle.FAMILY),
        ({}, {"head_office_key": A}, Obstacle.FAMILY),
        ({}, {"state": CustomerState.APPROVED}, Obstacle.BEHIND),
    ],
)
def test_r81_what_stands_against_a_merge(
    merged: dict[str, Any], survivor: dict[str, Any], obstacle: Obstacle
) -> None:
    one, other = holding(**merged), replace(SURVIVOR, **survivor)
    assert obstacles(one, other) == (obstacle,)
    with pytest.raises(CannotMerge) as refused:
        merge([], Identity(A, 1, B, new_id(), ON, "D1", "重复"), one, other)
    assert refused.value.facts["obstacles"] == [obstacle.value]


def test_r81_one_known_credit_code_stands_against_nothing() -> None:
    assert obstacles(holding(unified_credit_code="1"), SURVIVOR) == ()
    same: dict[str, Any] = {"unified_credit_code": "1"}
    assert obstacles(holding(**same), replace(SURVIVOR, **same)) == ()


def test_r81_an_approved_customer_becomes_part_of_a_registered_one() -> None:
    assert obstacles(holding(state=CustomerState.APPROVED), SURVIVOR) == ()


def director(unit: str, *roles: str) -> Actor:
    """Somebody of the unit."""
    return Actor("D1", unit, frozenset(roles or ("director",)))


def test_r81_a_director_at_or_above_both_owners_decides() -> None:
    require_decider(director("GZ-TH"), ORGANISATION, {"GZ-TH"}, RULES, 1)
    require_decider(director("GZ"), ORGANISATION, {"GZ-TH", "GZ-PY"}, RULES, 1)
    with pytest.raises(NotTheMerger):
        require_decider(director("GZ-TH"), ORGANISATION, {"GZ-TH", "GZ-PY"}, RULES, 1)
    with pytest.raises(NotTheMerger):
        require_decider(director("GZ"), ORGANISATION, {"GZ-TH", "SZ"}, RULES, 1)


def test_r81_the_roles_that_decide_are_policy() -> None:
    deputy = director("GD", "deputy_director")
    with pytest.raises(NotTheMerger):
        require_decider(deputy, ORGANISATION, {"GZ-TH"}, RULES, 1)
    both = MergeRules(decider_roles=("director", "deputy_director"))
    require_decider(deputy, ORGANISATION, {"GZ-TH"}, both, 1)


def test_r81_who_saw_something_else_looks_again() -> None:
    require_fresh("x", "x")
    with pytest.raises(StalePreview):
        require_fresh("x", "y")


def test_r81_an_undone_merge_is_a_newer_version_without_survivor() -> None:
    merged = Identity(A, 1, B, new_id(), ON, "D1", "重复")
    undone = undo([merged], merged.merge_id, "D2", "误判", date(2026, 3, 5))
    assert (undone.version, undone.survivor, undone.merge_id) == (2, None, merged.merge_id)
    with pytest.raises(NotMerged):
        undo([merged, undone], merged.merge_id, "D2", "误判", date(2026, 3, 5))
    with pytest.raises(NotMerged):
        undo([], merged.merge_id, "D2", "误判", ON)
    with pytest.raises(NotMerged):
        undo([merged], new_id(), "D2", "误判", ON)


def test_r81_nothing_is_undone_before_it_was_done() -> None:
    merged = Identity(A, 1, B, new_id(), ON, "D1", "重复")
    assert undo([merged], merged.merge_id, "D2", "误判", ON).on == ON
    with pytest.raises(Invalid):
        undo([merged], merged.merge_id, "D2", "误判", date(2026, 3, 1))
