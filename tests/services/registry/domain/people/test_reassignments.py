"""X-11, R-10: many customers to few successors, the same question always the same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registry.domain.actors import Actor
from services.registry.domain.people.reassignments import (
    Account,
    Candidate,
    Obstacle,
    StalePreview,
    distribute,
    mark_of,
    require_fresh,
)
from services.registry.domain.people.succession import Bridge, Pair
from shared.identifiers import derived_id
from tests.services.registry.domain.organisations import ORGANISATION

ON = date(2026, 3, 16)
BY = Actor("G001", "GZ", frozenset({"director"}))
ALONE = Pair("A", None)
KEYS = sorted(derived_id("account", number) for number in range(4))


def account(key: UUID, pair: Pair = ALONE, leaver: str = "A") -> Account:
    """A customer of Tianhe that A leads."""
    return Account(key, 1, pair, leaver, leaver == pair.a, ("GZ-TH",))


def candidate(code: str, leads: int = 0, unit: str = "GZ") -> Candidate:
    """Somebody who leads so many already."""
    return Candidate(code, unit, leads, 0)


def test_x11_each_customer_goes_to_who_has_the_least() -> None:
    people = [candidate("B", 2), candidate("C", 0)]
    choices, loads = distribute([account(key) for key in KEYS], people, ORGANISATION, BY, ON)
    assert [each.successor for each in choices] == ["C", "C", "B", "C"]
    assert {each.staff_code: each.leads for each in loads} == {"B": 3, "C": 3}
    again, _ = distribute([account(key) for key in reversed(KEYS)], people, ORGANISATION, BY, ON)
    assert again == choices


def test_x11_nobody_gets_a_customer_that_is_his_already() -> None:
    (only,), _ = distribute(
        [account(KEYS[0], Pair("A", "B"))], [candidate("B")], ORGANISATION, BY, ON
    )
    assert (only.successor, only.obstacle) == (None, Obstacle.NOBODY_FITS)


def test_r78_nobody_gets_a_customer_of_an_own_interest() -> None:
    barred = replace(account(KEYS[0]), barred=frozenset({"B"}))
    people = [candidate("B"), candidate("C", 9)]
    choices, _ = distribute([barred, account(KEYS[1])], people, ORGANISATION, BY, ON)
    assert [each.successor for each in choices] == ["C", "B"]
    (only,), _ = distribute([barred], people[:1], ORGANISATION, BY, ON)
    assert only.obstacle is Obstacle.NOBODY_FITS


def test_r46_an_a_works_where_the_customer_belongs_and_a_b_anywhere() -> None:
    elsewhere = [candidate("S", unit="SZ")]
    (first,), _ = distribute([account(KEYS[0])], elsewhere, ORGANISATION, BY, ON)
    assert first.obstacle is Obstacle.NOBODY_FITS
    second_place = account(KEYS[0], Pair("X", "A"))
    (second,), loads = distribute([second_place], elsewhere, ORGANISATION, BY, ON)
    assert second.successor == "S"
    assert (loads[0].leads, loads[0].supports) == (0, 1)


def test_c22_a_bridge_stays_until_its_day() -> None:
    for until_on, obstacle in ((ON, Obstacle.BRIDGE_MUST_STAY), (date(2026, 3, 15), None)):
        bridged = replace(account(KEYS[0]), bridges=(Bridge("A", until_on),))
        (choice,), _ = distribute([bridged], [candidate("B")], ORGANISATION, BY, ON)
        assert choice.obstacle is obstacle


def test_r46_customers_of_another_unit_stay() -> None:
    foreign = replace(account(KEYS[0]), home=("SZ",))
    (choice,), _ = distribute([foreign], [candidate("B")], ORGANISATION, BY, ON)
    assert choice.obstacle is Obstacle.ANOTHER_UNIT


def test_x11_any_change_makes_another_mark() -> None:
    choices, _ = distribute([account(key) for key in KEYS], [candidate("B")], ORGANISATION, BY, ON)
    mark = mark_of(choices, {"B": (0, 0)})
    require_fresh(mark, mark_of(choices, {"B": (0, 0)}))
    newer = [
        replace(choices[0], account=replace(choices[0].account, managers_version=2)),
        *choices[1:],
    ]
    for other in (mark_of(newer, {"B": (0, 0)}), mark_of(choices, {"B": (1, 0)})):
        with pytest.raises(StalePreview):
            require_fresh(mark, other)
